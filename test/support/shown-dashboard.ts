import { createElement } from 'react';
import { RemoteClient } from '../../src/app/client.ts';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { DisposableStack } from '../../src/base/disposable.ts';
import type { LogLine } from '../../src/ui/app/asked.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { SessionScreens } from '../../src/ui/app/session-screens.ts';
import { CopyModes } from '../../src/ui/copy/copy-modes.ts';
import { bindKeys, type KeyBindings } from '../../src/ui/keymap/bind-keys.ts';
import type { Hands } from '../../src/ui/keymap/hands.ts';
import { joinDashboard } from '../../src/ui/terminal/run-dashboard.ts';
import { type ThemeName, themes } from '../../src/ui/theme.ts';
import { Dashboard } from '../../src/ui/views/dashboard.tsx';
import { FakeTerminal } from './fake-terminal.ts';
import { projectView } from './project-view.ts';
import { until } from './until.ts';

export const keys = {
  enter: '\r',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  tab: '\t',
  leader: '\x11',
} as const;

interface Options {
  cols?: number;
  rows?: number;
  bindings?: KeyBindings;
  theme?: ThemeName;
  isScreenReader?: boolean;
  /** What the supervisor answers, by the name of the operation; without an answer it fails. */
  answers?: Record<string, unknown>;
}

/** The whole dashboard on a terminal that is an emulator, told of a project by the test. No process, no socket. */
export class ShownDashboard {
  readonly terminal: FakeTerminal;
  readonly model: DashboardModel;
  readonly calls: { operation: string; input: unknown }[] = [];
  /** What was asked of the hands: `quit`, `send ID KEY`. */
  readonly asked: string[] = [];
  readonly #held = new DisposableStack();
  #tellLogs: ((lines: LogLine[]) => void) | null = null;

  constructor(view: Partial<ProjectView>, options: Options = {}) {
    const { cols = 120, rows = 30, bindings = {}, theme = 'terminal', isScreenReader = false, answers = {} } = options;
    this.terminal = new FakeTerminal(cols, rows);
    const keymap = bindKeys(bindings, 'ctrl+q');
    this.model = this.#held.use(new DashboardModel({ problems: keymap.problems.map(({ text }) => text) }));
    const screens = this.#held.use(new SessionScreens(() => new Promise(() => {})));
    const copy = this.#held.use(new CopyModes(this.model, screens, async () => null));
    const hands: Hands = {
      quit: () => this.asked.push('quit'),
      send: (session, key) => this.asked.push(`send ${session} ${JSON.stringify(key)}`),
      end: (session) => this.asked.push(`end ${session}`),
      forget: (session) => this.asked.push(`forget ${session}`),
      scrollBack: (session, pressed) => this.asked.push(`scroll ${session} ${pressed.join('')}`.trim()),
      paste: (session) => this.asked.push(`paste ${session}`),
      switchProjects: () => this.asked.push('projects'),
      leaderBytes: keys.leader,
      edit: async (text, name) => {
        this.asked.push(`edit ${name}`);
        return { text, file: name, discard() {} };
      },
      followLogs: (tell) => {
        this.#tellLogs = tell;
        return {
          dispose: () => {
            this.#tellLogs = null;
          },
        };
      },
    };
    this.model.connect(this.#held.use(new RemoteClient(this.#link(answers), '/p', {})));
    this.model.receive(projectView(view));
    const element = createElement(Dashboard, {
      ...{ model: this.model, screens, copy, hands, keymap },
      ...{ leader: 'ctrl+q', isSingle: false },
    });
    const dashboard = this.#held.use(
      joinDashboard(
        {
          element,
          leader: 'ctrl+q',
          colours: 'truecolor',
          theme: themes[theme],
          isScreenReader,
          typing: () => null,
          onLeader() {},
        },
        this.terminal.open,
      ),
    );
    this.#held.defer(this.model.subscribe(() => dashboard.refresh()));
  }

  press(...pressed: string[]): void {
    for (const key of pressed) this.terminal.type(key);
  }

  /** Column and row from 0. */
  click(x: number, y: number): void {
    this.terminal.type(`\x1b[<0;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m`);
  }

  wheel(x: number, y: number, direction: -1 | 1): void {
    this.terminal.type(`\x1b[<${direction < 0 ? 64 : 65};${x + 1};${y + 1}M`);
  }

  tellLogs(lines: LogLine[]): void {
    this.#tellLogs?.(lines);
  }

  get lines(): readonly string[] {
    return this.terminal.screen.text;
  }

  get screen(): string {
    return this.lines.join('\n');
  }

  /** The lines that are shown inverse: what is selected. */
  get selected(): string {
    return this.lines.filter((_line, row) => this.#isInverse(row)).join('\n');
  }

  sees(expected: RegExp | string): Promise<unknown> {
    const isThere = () => (typeof expected === 'string' ? this.screen.includes(expected) : expected.test(this.screen));
    return until(`the dashboard shows ${expected}`, isThere, this.#patience);
  }

  seesNo(unexpected: RegExp | string): Promise<unknown> {
    const isGone = () =>
      typeof unexpected === 'string' ? !this.screen.includes(unexpected) : !unexpected.test(this.screen);
    return until(`the dashboard no longer shows ${unexpected}`, isGone, this.#patience);
  }

  selects(expected: RegExp | string): Promise<unknown> {
    return until(`${expected} is selected`, () => new RegExp(expected).test(this.selected), this.#patience);
  }

  /** Keys that were pressed take a frame where they opened something. */
  comesTo(name: string, isThere: (model: DashboardModel) => boolean): Promise<unknown> {
    return until(name, () => isThere(this.model), this.#patience);
  }

  calledWith(operation: string): Promise<unknown> {
    const isCalled = () => this.calls.some((call) => call.operation === operation);
    return until(`${operation} is asked for`, isCalled, this.#patience);
  }

  wasAsked(what: string): Promise<unknown> {
    return until(`the hands do: ${what}`, () => this.asked.includes(what), this.#patience);
  }

  dispose(): void {
    this.#held.dispose();
  }

  get #patience() {
    return { everyMs: 5, shown: () => `${this.screen}\n${this.asked.join('\n')}` };
  }

  #isInverse(row: number): boolean {
    const { buffer } = this.terminal.screen.terminal;
    const line = buffer.active.getLine(row);
    return Array.from({ length: this.terminal.size.cols }, (_, column) => line?.getCell(column)).some(
      (cell) => (cell?.isInverse() ?? 0) !== 0,
    );
  }

  #link(answers: Record<string, unknown>) {
    let receive: (message: unknown) => void = () => {};
    return {
      send: (message: unknown) => {
        const { id, operation, input } = message as { id: number; operation: string; input: unknown };
        this.calls.push({ operation, input });
        const isKnown = Object.hasOwn(answers, operation);
        const error = { code: 'task.missing', message: `The test has no answer to ${operation}.` };
        const answer = isKnown ? { type: 'result', id, value: answers[operation] } : { type: 'error', id, error };
        queueMicrotask(() => receive(answer));
      },
      onMessage: (listener: typeof receive) => {
        receive = listener;
        return { dispose() {} };
      },
      onClose: () => ({ dispose() {} }),
      dispose() {},
    };
  }
}
