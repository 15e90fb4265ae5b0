import { join, resolve } from 'node:path';
import { ensureDaemon } from '../../src/daemon/ensure-daemon.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';
import { connectSessionHost } from '../../src/sessions/client/connect-session-host.ts';
import { screenFactory } from '../../src/sessions/screen/screen-factory.ts';
import { forgeEntry } from './host-world.ts';
import { PersonTerminal } from './person-terminal.ts';
import { type Scene, type Size, type Step, writeFiles } from './scene.ts';
import { type Area, difference, type Mask, maskedCount, textOf } from './screen-cells.ts';
import { key } from './terminal.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const forge = resolve(import.meta.dirname, '../../bin/forge');

/** A screen counts as settled when nothing came for so long, in ms. */
const quietMs = 150;

/** Rows of an attached session's terminal above and below its pane: title and hints. */
const attachRows = { above: 1, below: 1 } as const;

/** What a dashboard with one pane shows beside it: its sidebar has a quarter of the terminal. */
function dashboardMargin({ cols }: Size): Size {
  return { cols: Math.round(cols * 0.35), rows: 3 };
}

/** A project with a session host, in which sessions run any program. */
export class SessionWorld implements AsyncDisposable {
  readonly world = new World();
  readonly host: Promise<SessionHost>;
  readonly #terminals: PersonTerminal[] = [];

  constructor() {
    this.host = this.#start();
  }

  async #start(): Promise<SessionHost> {
    await this.world.forge('init', '--stealth', '--prefix', 'fg');
    const home = this.world.env.FORGE_HOME ?? '';
    const connection = await ensureDaemon({
      directory: openRunDirectory(join(home, 'run')),
      name: 'session-host',
      protocol: hostProtocolVersion,
      version: 'test',
      command: [process.execPath, forgeEntry, '__session-host'],
      env: this.world.env,
      logFile: join(home, 'logs', 'session-host.log'),
    });
    return connectSessionHost(connection, screenFactory);
  }

  /** A folder with these files, the same for every run of a scene. */
  folder(name: string, files: Record<string, string> = {}): string {
    const folder = join(this.world.root, 'scenes', name);
    writeFiles(folder, files);
    return folder;
  }

  /** What every program of a scene is given beside its own. */
  get env(): Record<string, string> {
    const { PATH = '', HOME = '' } = this.world.env;
    return { PATH, HOME, LANG: 'C.UTF-8' };
  }

  async session(id: string, command: readonly string[], cwd: string, env: Record<string, string>, size: Size) {
    const labels = { project: this.world.repository, worker: id };
    await (await this.host).ensure({ id, command: [...command], cwd, env, ...size, labels });
  }

  /** The built program in a person's terminal. */
  open(args: readonly string[], size: Size): PersonTerminal {
    const { repository: cwd, env } = this.world;
    return this.keep(new PersonTerminal([process.execPath, forge, ...args], { cwd, env, ...size }));
  }

  keep(terminal: PersonTerminal): PersonTerminal {
    this.#terminals.push(terminal);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const terminal of this.#terminals) terminal.dispose();
    (await this.host).dispose();
    await this.world.dispose();
  }
}

/** A session as one person sees it in their terminal: its pane is kept at the wanted size. */
export class PaneView {
  readonly terminal: PersonTerminal;
  readonly #world: SessionWorld;
  readonly #session: string;
  readonly #kind: 'attach' | 'dashboard';
  #size: Size;
  #area: Area;

  private constructor(world: SessionWorld, session: string, kind: 'attach' | 'dashboard', size: Size) {
    this.#world = world;
    this.#session = session;
    this.#kind = kind;
    this.#size = size;
    const args = kind === 'attach' ? ['session', 'attach', session] : ['tui'];
    const margin = kind === 'attach' ? { cols: 0, rows: 2 } : dashboardMargin(size);
    const outer = { cols: size.cols + margin.cols, rows: size.rows + margin.rows };
    this.terminal = world.open(args, outer);
    this.#area = { x: 0, y: attachRows.above, ...size };
  }

  static async open(world: SessionWorld, session: string, kind: 'attach' | 'dashboard', size: Size): Promise<PaneView> {
    const view = new PaneView(world, session, kind, size);
    if (kind === 'attach') await view.terminal.sees(/TYPING/);
    else {
      await view.terminal.sees(/WORKERS/);
      await view.terminal.sees(new RegExp(`1 .*${session}`));
      view.terminal.press('1', key.enter);
      await view.terminal.sees(/TYPING/);
      await view.#fit();
    }
    return view;
  }

  cells() {
    return this.terminal.cells(this.#area);
  }

  get text(): string {
    return textOf(this.cells());
  }

  async resize(size: Size): Promise<void> {
    this.#size = size;
    if (this.#kind === 'dashboard') return this.#fit();
    this.#area = { x: 0, y: attachRows.above, ...size };
    this.terminal.resize(size.cols, size.rows + attachRows.above + attachRows.below);
  }

  /** The person's terminal is made larger or smaller until the pane has the size that it should have. */
  async #fit(): Promise<void> {
    const { terminal } = this;
    const { cols, rows } = this.#size;
    const measured = () => {
      const all = terminal.cells().rows;
      const y = all.findIndex((row) => /│ 1 /.test(row)) + 1;
      const x = (all[y - 1] ?? '').indexOf('│') + 1;
      return { x, y, cols: terminal.terminal.cols - x, rows: all.length - y - attachRows.below };
    };
    await until(
      `the pane has ${cols}x${rows}`,
      async () => {
        if (!terminal.isQuiet(quietMs)) return false;
        const area = measured();
        if (area.x === 0) return false;
        this.#area = area;
        if (area.cols !== cols || area.rows !== rows) {
          terminal.resize(area.x + cols, area.y + rows + attachRows.below);
          return false;
        }
        const facts = (await (await this.#world.host).list()).find(({ id }) => id === this.#session);
        return facts?.cols === cols && facts.rows === rows;
      },
      { shown: () => `${JSON.stringify(this.#area)}\n${terminal.text}` },
    );
  }

  async leave(): Promise<void> {
    this.terminal.press(key.leader);
    if (this.#kind === 'dashboard') {
      await this.terminal.sees(/q leave/);
      this.terminal.press('q');
    }
    await this.terminal.ends();
  }
}

/** One program in a bare terminal and in a session of Forge: what is done in one is done in the other. */
export class SideBySide {
  readonly bare: PersonTerminal;
  readonly #masks: readonly Mask[];
  readonly #world: SessionWorld;
  readonly #session: string;
  #size: Size;
  #view: PaneView | null = null;

  private constructor(world: SessionWorld, scene: Scene, bare: PersonTerminal) {
    this.#world = world;
    this.#masks = scene.masks ?? [];
    this.#session = scene.name;
    this.#size = scene.size;
    this.bare = bare;
  }

  static async start(world: SessionWorld, scene: Scene): Promise<SideBySide> {
    const env = { ...world.env, ...scene.env };
    const cwd = world.folder(scene.name, scene.files);
    await world.session(scene.name, scene.command, cwd, env, scene.size);
    const bare = world.keep(new PersonTerminal(scene.command, { cwd, env, ...scene.size }));
    return new SideBySide(world, scene, bare);
  }

  /** Looks at the session in this way from now on. */
  async view(kind: 'attach' | 'dashboard'): Promise<void> {
    await this.#view?.leave();
    this.#view = await PaneView.open(this.#world, this.#session, kind, this.#size);
  }

  /** Does one thing in both; gives how many cells were not compared. */
  async step({ does, keys = [], size, shows, withinMs = 15_000 }: Step): Promise<number> {
    const view = this.#view;
    if (view === null) throw new Error('Nobody looks at the session.');
    if (size) {
      this.#size = size;
      this.bare.resize(size.cols, size.rows);
      await view.resize(size);
    }
    this.bare.press(...keys);
    view.terminal.press(...keys);
    return this.#agrees(does, shows, withinMs);
  }

  /** Waits until both are settled, show this, and are equal; fails with what differs. */
  async #agrees(does: string, shows: RegExp, timeoutMs: number): Promise<number> {
    const { bare } = this;
    const view = this.#view as PaneView;
    const isSettled = () =>
      bare.isQuiet(quietMs) && view.terminal.isQuiet(quietMs) && shows.test(bare.text) && shows.test(view.text);
    await until(
      `both terminals look the same: ${this.#session} ${does}`,
      () => isSettled() && difference(bare.cells(), view.cells(), this.#masks) === null,
      {
        timeoutMs,
        shown: () => `wanted: ${shows}\n${difference(bare.cells(), view.cells(), this.#masks) ?? bare.text}`,
      },
    );
    return maskedCount(bare.cells(), view.cells(), this.#masks);
  }
}
