import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { spawn } from 'node-pty';
import { CellBuffer } from '../../src/domain/cells.ts';
import type * as emulation from '../../src/sessions/screen/emulator.ts';
import type { ThemeName } from '../../src/ui/theme.ts';
import { until } from '../../test/support/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const forge = join(root, 'bin', 'forge');

/** How long the program may take to end by itself, in ms: the demo ends its agents and removes its folder. */
const endMs = 20_000;

export const key = {
  ...{ enter: '\r', escape: '\x1b', leader: '\x11', save: '\x13', tab: '\t', down: '\x1b[B', right: '\x1b[C' },
} as const;

interface StageOptions {
  cols: number;
  rows: number;
  theme: ThemeName;
  /** The demo, or a new repository with nothing in it. */
  project: 'demo' | 'fresh';
  /** How much faster than lifelike the scripted agents of the demo are; left out: 8 times. */
  speed?: number;
  /** Hears all that the program writes. */
  onOutput?: (data: string) => void;
}

/** The built program in a real pty: pressed, looked at, and ended with all that it started. */
export class Stage implements AsyncDisposable {
  readonly #screen: emulation.Emulator;
  readonly #program: ReturnType<typeof spawn>;
  readonly #env: Record<string, string>;
  /** The demo makes a folder with its repository and its FORGE_HOME in here; so is that of a new repository. */
  readonly #folder: string;
  #hasEnded = false;
  #isLeft = false;

  static async open(options: StageOptions): Promise<Stage> {
    return new Stage(await loadEmulator(), options);
  }

  private constructor(Emulator: typeof emulation.Emulator, options: StageOptions) {
    const { cols, rows, theme, project, speed = 8, onOutput } = options;
    this.#screen = new Emulator(cols, rows);
    this.#folder = mkdtempSync(join(tmpdir(), 'forge-pic-'));
    const { PATH = '', HOME = '' } = process.env;
    const looks = {
      LANG: 'C.UTF-8',
      COLORTERM: 'truecolor',
      FORGE_UI_THEME: theme,
      FORGE_DEMO_SPEED: String(speed),
      FORGE_BUDGET_DAY_USD: '10',
    };
    this.#env = { PATH, HOME, USER: 'ada', TMPDIR: this.#folder, ...looks };
    const size = { cols, rows, name: 'xterm-256color' };
    const where = project === 'demo' ? { cwd: this.#folder, env: this.#env } : this.#makeRepository();
    this.#program = spawn(process.execPath, [forge, 'tui', ...(project === 'demo' ? ['--demo'] : [])], {
      ...size,
      ...where,
    });
    this.#program.onData((data) => {
      this.#screen.write(data);
      onOutput?.(data);
    });
    this.#screen.terminal.onData((answer) => this.#hasEnded || this.#program.write(answer));
    this.#program.onExit(() => {
      this.#hasEnded = true;
    });
  }

  /** The checkout of the project that is shown. */
  get repository(): string {
    return join(this.#place, 'forge-demo');
  }

  get #place(): string {
    const made = readdirSync(this.#folder).find((name) => name.startsWith('forge-demo-'));
    return join(this.#folder, made ?? 'none');
  }

  #makeRepository(): { cwd: string; env: Record<string, string> } {
    const place = join(this.#folder, 'forge-demo-fresh');
    const cwd = join(place, 'forge-demo');
    mkdirSync(cwd, { recursive: true });
    const env = { ...this.#env, FORGE_HOME: join(place, 'home') };
    execFileSync('git', ['init', '-q', '-b', 'main'], { cwd, env });
    const self = ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost'];
    execFileSync('git', [...self, 'commit', '-q', '--allow-empty', '-m', 'Nothing yet'], { cwd, env });
    execFileSync(process.execPath, [forge, 'init', '--stealth'], { cwd, env, stdio: 'ignore' });
    return { cwd, env };
  }

  /** A command of Forge in the project, beside the dashboard; what it says. */
  forge(...args: string[]): string {
    const env = { ...this.#env, FORGE_HOME: join(this.#place, 'home') };
    return execFileSync(process.execPath, [forge, ...args], { cwd: this.repository, env, encoding: 'utf8' });
  }

  press(...keys: string[]): void {
    for (const bytes of keys) this.#program.write(bytes);
  }

  resize(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
    this.#program.resize(cols, rows);
  }

  leave(): void {
    this.#isLeft = true;
    this.press('q');
  }

  sees(expected: RegExp): Promise<unknown> {
    const shown = () => this.#screen.text();
    return until(`the screen shows ${expected}`, () => expected.test(this.#screen.text()), { shown });
  }

  seesNo(unexpected: RegExp): Promise<unknown> {
    const shown = () => this.#screen.text();
    return until(`the screen no longer shows ${unexpected}`, () => !unexpected.test(this.#screen.text()), { shown });
  }

  /** What is on the screen once nothing but ages has changed for `calmMs`. */
  async calm(calmMs: number): Promise<CellBuffer> {
    let last = '';
    let since = 0;
    await until('the screen is calm', () => {
      const text = this.#screen.text().replace(/\d+[smh]/g, '');
      if (text !== last) since = performance.now();
      last = text;
      return performance.now() - since > calmMs;
    });
    const { cols, rows } = this.#screen;
    const cells = new CellBuffer(cols, rows);
    this.#screen.blit(cells, 0, 0, cols, rows);
    return cells;
  }

  /** A demo that was left by its key has ended what it started; for all else it is done here. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#screen.dispose();
    if (!this.#isLeft) this.#program.kill('SIGTERM');
    await until('the program ends', () => this.#hasEnded, { timeoutMs: endMs });
    for (const demo of readdirSync(this.#folder)) {
      const env = { ...this.#env, FORGE_HOME: join(this.#folder, demo, 'home') };
      execFileSync(process.execPath, [forge, 'host', 'stop', '--force'], { env, stdio: 'ignore' });
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The emulator of the session host. The library behind it has no names that Node finds without a bundler. */
async function loadEmulator(): Promise<typeof emulation.Emulator> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-eye-'));
  try {
    const outfile = join(folder, 'emulator.mjs');
    const entryPoints = [join(root, 'src/sessions/screen/emulator.ts')];
    await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
    const loaded = (await import(pathToFileURL(outfile).href)) as typeof emulation;
    return loaded.Emulator;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
