import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { spawn } from 'node-pty';
import { CellBuffer } from '../../src/domain/cells.ts';
import type * as emulation from '../../src/sessions/screen/emulator.ts';
import type { ThemeName } from '../../src/ui/theme.ts';
import { until } from '../../test/support/until.ts';
import { makeFresh, makeLasting } from './make-place.ts';

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
  /** The demo; a new repository with nothing in it; or a shell in one that is as the demo's and stays when the dashboard is left. */
  project: 'demo' | 'fresh' | 'lasting';
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
    const folder = mkdtempSync(join(tmpdir(), 'forge-pic-'));
    const env = environmentIn(folder, options);
    const place = join(folder, 'forge-demo-own');
    const own = { ...env, FORGE_HOME: join(place, 'home') };
    if (options.project === 'fresh') makeFresh(place, forge, own);
    if (options.project === 'lasting') await makeLasting(place, forge, own);
    return new Stage(await loadEmulator(), folder, env, options);
  }

  private constructor(
    Emulator: typeof emulation.Emulator,
    folder: string,
    env: Record<string, string>,
    { cols, rows, project, onOutput }: StageOptions,
  ) {
    this.#screen = new Emulator(cols, rows);
    this.#folder = folder;
    this.#env = env;
    const size = { cols, rows, name: 'xterm-256color' };
    const where = project === 'demo' ? { cwd: folder, env } : { cwd: this.repository, env: this.#own };
    const [program, ...words] = project === 'lasting' ? ['sh'] : [process.execPath, forge, 'tui'];
    this.#program = spawn(program, project === 'demo' ? [...words, '--demo'] : words, { ...size, ...where });
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

  get #own(): Record<string, string> {
    return { ...this.#env, FORGE_HOME: join(this.#place, 'home') };
  }

  /** A command of Forge in the project, beside the dashboard; what it says. */
  forge(...args: string[]): string {
    return execFileSync(process.execPath, [forge, ...args], { cwd: this.repository, env: this.#own, encoding: 'utf8' });
  }

  press(...keys: string[]): void {
    for (const bytes of keys) this.#program.write(bytes);
  }

  resize(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
    this.#program.resize(cols, rows);
  }

  /** The program ends by itself: by `q`, as a rule. */
  leave(keys = 'q'): void {
    this.#isLeft = true;
    this.press(keys);
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
    // What a shell does not ignore.
    if (!this.#isLeft) this.#program.kill('SIGHUP');
    await until('the program ends', () => this.#hasEnded, { timeoutMs: endMs });
    for (const demo of readdirSync(this.#folder)) {
      const env = { ...this.#env, FORGE_HOME: join(this.#folder, demo, 'home') };
      execFileSync(process.execPath, [forge, 'host', 'stop', '--force'], { env, stdio: 'ignore' });
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function environmentIn(folder: string, { theme, speed = 8 }: StageOptions): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  const looks = {
    LANG: 'C.UTF-8',
    COLORTERM: 'truecolor',
    FORGE_UI_THEME: theme,
    FORGE_DEMO_SPEED: String(speed),
    FORGE_BUDGET_DAY_USD: '10',
  };
  return { PATH: `${join(root, 'bin')}:${PATH}`, HOME, USER: 'ada', TMPDIR: folder, PS1: '$ ', ...looks };
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
