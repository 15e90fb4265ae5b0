import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type IPty, spawn } from 'node-pty';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { isAlive } from '../../src/base/is-alive.ts';
import { TestScreen } from '../support/test-screen.ts';

// A shell in a real pty runs a small dashboard; what the terminal and its line settings are afterwards is looked at.
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'forge-terminal-'));
const program = join(folder, 'dashboard-program.mjs');
const markers = join(folder, 'run');
let pty: IPty;
let screen: TestScreen;
let received: string;
let hasEnded: boolean;
/** What the terminal answers to the question for its keyboard. */
let answer: string;

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ['test/fixtures/dashboard-program.ts'],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    alias: { 'react-devtools-core': join(root, 'scripts/empty-module.ts') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  screen = new TestScreen(80, 24);
  received = '';
  hasEnded = false;
  answer = '\u001b[?0u\u001b[?62c';
});

afterEach(() => {
  if (!hasEnded) pty.kill('SIGKILL');
  screen.dispose();
});

function run(...steps: string[]): void {
  const script = ['echo before', ...steps, 'echo "status $?"', 'stty -a', 'echo the end'].join('\n');
  pty = spawn('/bin/sh', ['-c', script], {
    cols: 80,
    rows: 24,
    env: { ...process.env, CI: '1', NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  pty.onData((data) => {
    received += data;
    screen.write(data);
    if (data.includes('\u001b[?u')) pty.write(answer);
  });
  pty.onExit(() => {
    hasEnded = true;
  });
}

const dashboard = `"${process.execPath}" "${program}" "${markers}"`;

async function until(what: string, condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition(), `${what}\n${screen.text.join('\n')}`).toBe(true), { timeout: 30_000 });
}

/** The dashboard is shown, and the terminal reports all that its program asked for. */
async function ready(): Promise<number> {
  await until('the dashboard is shown', () => /^ready pid=\d+\./.test(screen.text[0]));
  await until('the keyboard is set', () => screen.modes.kittyKeyboard === 5 || screen.modes.modifyOtherKeys === 2);
  return Number(/pid=(\d+)/.exec(screen.text[0])?.[1]);
}

async function end(): Promise<void> {
  await until('the shell has ended', () => screen.text.includes('the end') && hasEnded);
}

/** The shell's screen is shown as it was, with ordinary keys, cursor and line settings. */
function expectAsFound(): void {
  expect(screen.text[0]).toBe('before');
  expect(screen.modes).toEqual({
    applicationCursorKeys: false,
    applicationKeypad: false,
    bracketedPaste: false,
    focusEvents: false,
    mouse: 'none',
    mouseEncoding: 'default',
    alternateScroll: false,
    kittyKeyboard: 0,
    modifyOtherKeys: 0,
    alternateScreen: false,
    synchronizedOutput: false,
  });
  // Nor is anything left for the next program on the alternate screen.
  screen.write('\u001b[?1049h');
  expect(screen.modes.kittyKeyboard).toBe(0);
  screen.write('\u001b[?1049l');
  expect(screen.terminal.modes.wraparoundMode).toBe(true);
  expect(screen.cursor).toMatchObject({ isVisible: true, shape: 'block' });
  const settings = screen.text.join(' ');
  for (const setting of ['isig', 'icanon', 'echo', 'icrnl', 'opost'])
    expect(settings).toMatch(new RegExp(`(?<![-\\w])${setting}(?!\\w)`));
}

test('while it is shown, the terminal is held and marked', async () => {
  run(dashboard);
  const pid = await ready();
  expect(screen.modes).toMatchObject({
    alternateScreen: true,
    bracketedPaste: true,
    focusEvents: true,
    mouse: 'any',
    mouseEncoding: 'sgr',
    kittyKeyboard: 5,
    modifyOtherKeys: 0,
    applicationCursorKeys: false,
    applicationKeypad: true,
  });
  expect(screen.cursor.isVisible).toBe(false);
  const [marker] = readdirSync(markers);
  expect(JSON.parse(readFileSync(join(markers, marker), 'utf8'))).toMatchObject({ pid });
  expect(statSync(join(markers, marker)).mode & 0o777).toBe(0o600);
  pty.write('q');
  await end();
});

test('lent to a program, it is as that program expects it, keys are the program’s, and it is taken back whole', async () => {
  // A shell whose script goes on when its program was interrupted.
  run('trap : INT', dashboard);
  await ready();
  const held = { ...screen.modes };
  pty.write('l');
  await until('the program has it', () => screen.text.includes('your line:'));
  expect(screen.text[0]).toBe('before');
  expect(screen.modes).toMatchObject({
    alternateScreen: false,
    bracketedPaste: false,
    mouse: 'none',
    kittyKeyboard: 0,
  });
  // Neither the interrupt nor the q is for the dashboard.
  pty.write('\u0003');
  pty.write('q\r');
  await until('the program reads', () => screen.text.includes('heard q'));
  pty.resize(100, 30);
  screen.resize(100, 30);
  pty.write('\r');
  await ready();
  await until('all is set again', () => screen.modes.mouse === 'any' && screen.modes.kittyKeyboard === 5);
  expect(screen.modes).toEqual(held);
  pty.write('q');
  await end();
  expectAsFound();
  expect(screen.text).toContain('status 0');
});

test('a window that is dragged is followed a few times a second, and to its last size', async () => {
  run(dashboard);
  await ready();
  const drawn = () => Number(/ (\d+) sizes/.exec(screen.text[0])?.[1]);
  const begun = drawn();
  const quietMs = 30;
  const start = performance.now();
  let seen = 0;
  for (let i = 0; i < 200; i++) {
    pty.resize(60 + (i % 2), 20 + (i % 3));
    await pause(5);
    if (drawn() !== begun) seen ||= i;
  }
  pty.resize(90, 25);
  screen.resize(90, 25);
  await until('the last size', () => screen.text[0].endsWith(' sizes, 90x25'));
  expect(seen, 'nothing was drawn while it was dragged').toBeGreaterThan(0);
  expect(drawn() - begun).toBeGreaterThan(1);
  // Also on a machine so busy that sizes come further apart.
  expect(drawn() - begun).toBeLessThanOrEqual((performance.now() - start) / quietMs + 1);
  pty.write('q');
  await end();
  expectAsFound();
});

test('leaving gives it back as found', async () => {
  run(dashboard);
  await ready();
  pty.write('q');
  await end();
  expectAsFound();
  expect(screen.text).toContain('status 0');
  expect(readdirSync(markers)).toEqual([]);
});

test('flags of the keyboard that the shell had are there again', async () => {
  run("printf '\\033[=3u'", dashboard, "printf '\\033[?1049h\\033[=1u'", dashboard);
  await ready();
  pty.write('q');
  await until('the next one is shown', () => received.split('\u001b[?1049h').length === 4);
  await ready();
  expect(screen.modes.kittyKeyboard).toBe(5);
  pty.write('q');
  await end();
  expect(screen.modes.kittyKeyboard).toBe(3);
  screen.write('\u001b[?1049h');
  expect(screen.modes.kittyKeyboard).toBe(1);
});

test('so is its level of modifyOtherKeys', async () => {
  answer = '\u001b[>4;1m\u001b[?1;2c';
  run("printf '\\033[>4;1m'", dashboard);
  await ready();
  pty.write('q');
  await end();
  expect(screen.modes.modifyOtherKeys).toBe(1);
});

test('a terminal that knows only modifyOtherKeys gets that, and it is taken back', async () => {
  answer = '\u001b[>4;0m\u001b[?1;2c';
  run(dashboard);
  await ready();
  expect(screen.modes).toMatchObject({ modifyOtherKeys: 2, kittyKeyboard: 0 });
  pty.write('q');
  await end();
  expectAsFound();
});

test('a terminal that goes without a signal ends it', async () => {
  const options = '{ detached: true, stdio: "inherit" }';
  const start = `require("child_process").spawn(process.execPath, ${JSON.stringify([program, markers])}, ${options})`;
  run(`"${process.execPath}" -e '${start}'`);
  const pid = await ready();
  (pty as unknown as { destroy(): void }).destroy();
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 30_000 });
  expect(readdirSync(markers)).toEqual([]);
});

test('without a terminal it refuses before it touches anything', async () => {
  run(`${dashboard} 2>&1 | grep -o 'needs a terminal'`);
  await end();
  expect(screen.text.join('\n')).toContain('needs a terminal');
  expect(received).not.toContain('\u001b[?1049h');
});

test('a bug in the program gives it back, and the error is read on the shell screen', async () => {
  run(dashboard);
  await ready();
  pty.write('e');
  await end();
  expect(screen.modes).toMatchObject({
    alternateScreen: false,
    bracketedPaste: false,
    kittyKeyboard: 0,
    mouse: 'none',
  });
  const left = received.lastIndexOf('\u001b[?1049l');
  expect(left).toBeGreaterThan(0);
  expect(received.indexOf('Error: a bug')).toBeGreaterThan(left);
  expect(screen.text.join(' ')).toMatch(/status [1-9].* icanon/s);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s gives it back', async (signal) => {
  run(dashboard, 'true');
  process.kill(await ready(), signal);
  await end();
  expectAsFound();
  expect(readdirSync(markers)).toEqual([]);
});

test('T7 after a kill the next start repairs it', async () => {
  run(dashboard, 'stty -a | grep -o -- -icanon', dashboard);
  const first = await ready();
  process.kill(first, 'SIGKILL');
  await until(
    'another dashboard is shown',
    () => /^ready/.test(screen.text[0]) && !screen.text[0].includes(`=${first}.`),
  );
  expect(received).toContain('-icanon');
  expect(received).toContain('\u001b[<u');
  await ready();
  pty.write('q');
  await end();
  expectAsFound();
  expect(readdirSync(markers)).toEqual([]);
});

test('stopped without a word and continued it sets again what the shell took back', async () => {
  run(dashboard);
  const pid = await ready();
  process.kill(pid, 'SIGSTOP');
  await until('it is stopped', () => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  screen.write('\u001b[?1049l\u001b[?1003l\u001b[?1006l\u001b[?1004l\u001b[?2004l\u001b>');
  process.kill(pid, 'SIGCONT');
  await ready();
  await until('the mouse is set', () => screen.modes.mouse === 'any');
  expect(screen.modes).toMatchObject({ mouseEncoding: 'sgr', focusEvents: true, applicationKeypad: true });
  pty.write('q');
  await end();
  expectAsFound();
});

test('suspended it gives the terminal back, continued it paints all again', async () => {
  run(dashboard);
  const pid = await ready();
  process.kill(pid, 'SIGTSTP');
  await until('the shell screen is shown', () => screen.text[0] === 'before');
  expect(screen.modes).toMatchObject({
    alternateScreen: false,
    bracketedPaste: false,
    focusEvents: false,
    mouse: 'none',
    kittyKeyboard: 0,
  });
  await until('it is stopped', () => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  process.kill(pid, 'SIGCONT');
  await ready();
  expect(screen.modes).toMatchObject({ alternateScreen: true, bracketedPaste: true });
  pty.write('q');
  await end();
  expectAsFound();
});
