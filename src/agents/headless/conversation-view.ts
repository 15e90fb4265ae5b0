import { stripVTControlCharacters } from 'node:util';
import { plainText } from '../../base/text.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import type { ProgramStatus } from '../../domain/session.ts';
import { addTokens, noTokens, type Tokens } from '../../domain/tokens.ts';
import type { RuntimeEvent } from '../../ports/agent-runtime.ts';
import { type Line, line, styledLine } from '../terminal/layout.ts';
import { programStatus } from '../terminal/program-status.ts';
import type { Bridge, BridgeListener, BridgeState } from './bridge.ts';
import type { ConversationScreen } from './conversation-screen.ts';
import { writeReport } from './record.ts';

/** Rows of a prompt that are shown. */
const quotedRowsMax = 12;
/** Longest line of a tool or a failure that is shown, in characters. */
const lineLengthMax = 400;

const statuses: Record<BridgeState, ProgramStatus['state']> = {
  idle: 'idle',
  done: 'done',
  failed: 'error',
  working: 'working',
  blocked: 'blocked',
};

const help = 'enter sends · ctrl+j new line · ctrl+c twice leaves';

/** Shows a conversation, says its state to the terminal, and writes it down. */
export class ConversationView implements BridgeListener {
  readonly #screen: ConversationScreen;
  readonly #app: string;
  readonly #recordPath: string | null;
  /** Set once the bridge is there. */
  bridge: Bridge | null = null;
  #draft = '';
  #note = '';
  #state: BridgeState = 'idle';
  #announced = '';
  #silence = '';
  #since = 0;
  /** It could not be written down, and that has been said. */
  #isUnwritten = false;
  /** Of the prompt that is being answered, by key and model: told again it counts once. */
  readonly #used = new Map<string, Tokens>();

  constructor(screen: ConversationScreen, app: string, recordPath: string | null) {
    this.#screen = screen;
    this.#app = app;
    this.#recordPath = recordPath;
  }

  get draft(): string {
    return this.#draft;
  }

  set draft(text: string) {
    this.#draft = text;
    this.#note = '';
    this.show();
  }

  /** Stands in the place of the hint until the next key. */
  set note(text: string) {
    this.#note = text;
    this.show();
  }

  introduce(lines: readonly string[]): void {
    this.#screen.say(...lines.map((text) => line(plainText(text), 'dim')));
    this.changed('idle', '', '');
  }

  changed(state: BridgeState, kind: string, words: string): void {
    if (state !== this.#state) this.#since = Date.now();
    this.#state = state;
    this.#silence = kind === 'silence' ? words : '';
    const status = programStatus(statuses[state], this.#app, kind, kind === 'permission' ? `approve ${words}` : words);
    if (status !== this.#announced) this.#screen.send(status);
    this.#announced = status;
    this.show();
  }

  sent(prompt: string): void {
    this.#used.clear();
    const rows = prompt.trim().split('\n');
    const left = rows.length - quotedRowsMax;
    this.#screen.say(
      line(''),
      ...rows.slice(0, quotedRowsMax).map((row) => line(`› ${shorten(row)}`, 'bold', 2)),
      ...(left > 0 ? [line(`  … and ${left} more lines`, 'dim')] : []),
    );
  }

  told(event: RuntimeEvent): void {
    switch (event.type) {
      case 'text':
        this.#screen.answer(event.text);
        return;
      case 'tool':
        this.#screen.say(line(`● ${shorten(event.what)}`, 'accent', 2));
        return;
      case 'toolFailed':
        this.#screen.say(line(`  ✘ ${shorten(event.why)}`, 'removed', 4));
        return;
      case 'note':
        this.#screen.say(line(`  ${shorten(event.text)}`, 'dim', 2));
        return;
      case 'limit':
        this.#screen.say(line(`  limit${untilText(event.until)}: ${shorten(event.reason)}`, 'notice', 2));
        return;
      case 'usage':
        this.#used.set(`${event.entry.key} ${event.entry.model}`, event.entry.tokens);
        return;
      case 'end':
        this.#screen.say(line(''), this.#endLine(event));
    }
  }

  record(report: AgentReport): void {
    if (this.#recordPath === null || writeReport(this.#recordPath, report) || this.#isUnwritten) return;
    this.#isUnwritten = true;
    this.#screen.say(line('  This cannot be written down: tokens and prompts of it are not known to Forge.', 'notice'));
  }

  /** Draws what stands below the conversation. */
  show(): void {
    const { bridge } = this;
    const asked = bridge?.question ?? null;
    const question: Line[] = asked
      ? [line(`▲ ${shorten(asked.what)}`, 'notice', 2), line('  y allow · n do not · esc do not, and stop', 'bold')]
      : [];
    this.#screen.footer = { draft: this.#draft, question, hint: this.#note || this.#hint() };
  }

  #hint(): string {
    const waiting = this.bridge?.queued.length ?? 0;
    const queued = waiting === 0 ? '' : ` · ${waiting} queued`;
    if (this.#silence !== '') return `▲ ${this.#silence} · esc stops it${queued}`;
    if (this.#state === 'working' && this.bridge?.isInterrupting) return `stopping…${queued}`;
    if (this.#state === 'working') return `◐ at work since ${clock(this.#since)} · esc stops it${queued}`;
    return waiting === 0 ? help : `${waiting} queued, enter sends the next · ${help}`;
  }

  #endLine({ outcome, reason }: Extract<RuntimeEvent, { type: 'end' }>): Line {
    const tokens = [...this.#used.values()].reduce(addTokens, noTokens);
    const used = `${tokens.input + tokens.cacheRead + tokens.cacheWrite} tokens in, ${tokens.output} out`;
    if (outcome === 'done') return line(`✔ ${used}`, 'dim');
    if (outcome === 'interrupted') return line(`■ stopped · ${used}`, 'notice');
    return styledLine([{ text: `✘ ${shorten(reason)}`, style: 'removed' }], 2);
  }
}

function shorten(text: string): string {
  const plain = plainText(stripVTControlCharacters(text).trimEnd());
  return plain.length > lineLengthMax ? `${plain.slice(0, lineLengthMax - 1)}…` : plain;
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function untilText(until: number | null): string {
  return until === null ? '' : ` until ${clock(until).slice(0, 5)}`;
}
