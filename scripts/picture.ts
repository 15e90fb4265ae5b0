/** Takes the pictures of the documentation: the built program in a real pty, driven by keys, drawn as SVG. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { spawn } from 'node-pty';
import { CellBuffer } from '../src/domain/cells.ts';
import type * as emulation from '../src/sessions/screen/emulator.ts';
import { renderPicture } from '../src/ui/picture/render-picture.ts';
import { until } from '../test/support/until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs', 'pictures');
const forge = join(root, 'bin', 'forge');

/** Size of the pictures in cells: readable at the width of a README. */
const cols = 120;
const rows = 34;

/** How long the program may take to end by itself, in ms: the demo ends its agents and removes its folder. */
const endMs = 20_000;

/** How long the screen must stay as it is before its picture is taken, in ms: agents print, and diffs are counted, late. */
const calmMs = 2_500;

const key = { enter: '\r', escape: '\x1b', leader: '\x11', save: '\x13', tab: '\t' } as const;

class Stage implements AsyncDisposable {
  readonly #screen: emulation.Emulator;
  readonly #program: ReturnType<typeof spawn>;
  readonly #env: Record<string, string>;
  /** The demo makes its repository and its FORGE_HOME in here. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'forge-pic-'));
  #hasEnded = false;
  #isLeft = false;

  constructor(Emulator: typeof emulation.Emulator) {
    this.#screen = new Emulator(cols, rows);
    const { PATH = '', HOME = '' } = process.env;
    const looks = { LANG: 'C.UTF-8', COLORTERM: 'truecolor', FORGE_DEMO_SPEED: '8' };
    this.#env = { PATH, HOME, USER: 'ada', TMPDIR: this.#folder, ...looks };
    const size = { cols, rows, name: 'xterm-256color' };
    const where = { cwd: this.#folder, env: this.#env };
    this.#program = spawn(process.execPath, [forge, 'tui', '--demo'], { ...size, ...where });
    this.#program.onData((data) => this.#screen.write(data));
    this.#screen.terminal.onData((answer) => this.#hasEnded || this.#program.write(answer));
    this.#program.onExit(() => {
      this.#hasEnded = true;
    });
  }

  press(...keys: string[]): void {
    for (const bytes of keys) this.#program.write(bytes);
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

  /** Draws what is on the screen once nothing but ages has changed for a while. */
  async take(name: string, title: string): Promise<void> {
    let last = '';
    let since = 0;
    await until(`the screen is calm for ${name}`, () => {
      const text = this.#screen.text().replace(/\d+[smh]/g, '');
      if (text !== last) since = performance.now();
      last = text;
      return performance.now() - since > calmMs;
    });
    const buffer = new CellBuffer(cols, rows);
    this.#screen.blit(buffer, 0, 0, cols, rows);
    const file = join(pictures, `${name}.svg`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, renderPicture(buffer, { title }));
    process.stdout.write(`docs/pictures/${name}.svg\n`);
  }

  /** A demo that was left by its key has ended what it started; for one that was broken off it is done here. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#screen.dispose();
    if (!this.#isLeft) this.#program.kill('SIGTERM');
    await until('the demo ends', () => this.#hasEnded, { timeoutMs: endMs });
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

const Emulator = await loadEmulator();
await using stage = new Stage(Emulator);
await stage.sees(/○ Refuse an empty name/);
stage.press('D');
await stage.sees(/▲ 2 need you/);
stage.press('w', key.enter);
await stage.sees(/TYPING/);
stage.press('1');
await stage.sees(/complete: look and accept/);
stage.press(key.leader);
await stage.sees(/q leave/);
await stage.take('dashboard', 'The dashboard: one agent asks for permission, one has finished');

for (const [opens, name, seen, title] of [
  ['Aj', 'attention', /Allow running the tests/, 'Who waits, and below it the screen of the selected one'],
  ['B', 'board', /NEEDS YOU/, 'Every task by where it stands'],
  ['H', 'runs', /took/, 'The history of all runs'],
  ['T', 'graph', /└─/, 'What waits for what'],
] as const) {
  stage.press(opens);
  await stage.sees(seen);
  await stage.take(name, title);
}
stage.press(key.escape);
await stage.sees(/WORKERS/);

stage.press('v');
await stage.sees(/@@.*@@/);
stage.press(key.tab, ']', 'j', 'j', 'j', 'j', 'c');
await stage.sees(/Comment on/);
stage.press('Say this in one place, so that both use it.', key.save);
await stage.sees(/1 not sent/);
await stage.take('review', 'What a run changed, with a comment that goes back to its agent');
stage.press(key.escape);
await stage.seesNo(/c comment/);

stage.press('n');
await stage.sees(/New task/);
stage.press('Greet the whole team at once');
await stage.take('new-task', 'A new task is typed');
stage.press(key.escape);
await stage.seesNo(/New task/);
stage.leave();
