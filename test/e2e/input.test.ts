import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputModes } from '../../src/sessions/screen/input-modes.ts';
import { key, type Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** A letter, or a digit with a letter, sets modes, after which the screen shows them alone at its top left; all that is read after it goes to a file. */
const probe = `#!/usr/bin/env node
const { appendFileSync, writeFileSync } = require('node:fs');
const log = process.argv[1] + '.log';
const mice = { 1: 9, 2: 1000, 3: 1002, 4: 1003 };
const encodings = { d: '', u: '\\x1b[?1005h', s: '\\x1b[?1006h', r: '\\x1b[?1015h' };
const others = { k: '\\x1b[>5u', K: '\\x1b[<u', o: '\\x1b[>4;2m', O: '\\x1b[>4m', f: '\\x1b[?1004h', p: '\\x1b[?2004h', P: '\\x1b[?2004l',
  x: '\\x1b[?1049h\\x1b[?1003h\\x1b[?1006h\\x1b[?1004h\\x1b[?2004h\\x1b[?1h\\x1b=\\x1b[>31u\\x1b[>4;2m\\x1b[?25l' };
const off = '\\x1b[?9l\\x1b[?1000l\\x1b[?1002l\\x1b[?1003l\\x1b[?1005l\\x1b[?1006l\\x1b[?1015l';
function set(name) {
  const [mouse, encoding] = name;
  const sequence = others[name] ?? off + (mice[mouse] ? '\\x1b[?' + mice[mouse] + 'h' + encodings[encoding] : '');
  writeFileSync(log, '');
  process.stdout.write(sequence + '\\x1b[2J\\x1b[Hset:' + name + '.');
}
process.stdin.setRawMode(true);
let first = '';
process.stdin.on('data', (data) => {
  const text = first + data.toString('latin1');
  first = mice[text] ? text : '';
  if (/^[1-4][dusr]$/.test(text) || others[text] || text === '0') set(text);
  else if (first === '') appendFileSync(log, data.toString('hex'));
});
set('0');
`;

let world: World;
let terminal: Terminal;
let outer: InputModes;

beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  world.configure({ ada: { script: probe }, bob: { script: probe } }, 'stealth');
  for (const worker of ['ada', 'bob']) {
    const task = await world.json<{ id: string }>('task', 'add', `Of ${worker}`);
    await world.forge('dispatch', task.id, worker);
    await until(`${worker} is there`, async () =>
      (await world.forge('session', 'screen', worker)).stdout.includes('set:0.'),
    );
  }
});
afterEach(() => world.dispose());

/** A person's terminal that has the kitty keyboard protocol, as far as one can ask and set it. */
function open(...args: string[]): void {
  terminal = world.open(args, { cols: 120, rows: 36 });
  outer = new InputModes(terminal.emulator);
  terminal.emulator.parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
    terminal.press(`\x1b[?${outer.kittyKeyboard}u`);
    return true;
  });
}

/** Where the program of a pane that shows this has its first cell, in cells from 1. */
function originOf(text: string): { column: number; row: number } {
  const lines = terminal.screen.split('\n');
  const row = lines.findIndex((line) => line.includes(text));
  return { column: (lines[row]?.indexOf(text) ?? 0) + 1, row: row + 1 };
}

function given(worker: string): string {
  const log = join(world.root, 'agents', `${worker}.sh.log`);
  return existsSync(log) ? Buffer.from(readFileSync(log, 'utf8'), 'hex').toString('latin1') : '';
}

async function gets(worker: string, bytes: string): Promise<void> {
  await until(`${worker} gets ${JSON.stringify(bytes)}`, () => given(worker) === bytes, {
    shown: () => `${JSON.stringify(given(worker))}\n${terminal.screen}`,
  });
}

async function sets(letters: string): Promise<void> {
  terminal.press(letters);
  await terminal.sees(`set:${letters}.`);
}

/** Types into the pane of `ada`, which is the first. */
async function typeIntoFirst(): Promise<void> {
  await until('both panes are shown', () => terminal.screen.split('set:0.').length === 3, {
    shown: () => terminal.screen,
  });
  terminal.press('1', key.enter);
  await terminal.sees('TYPING');
}

const encoded: Record<string, (bits: number, x: number, y: number, isRelease: boolean) => string> = {
  d: (bits, x, y, isRelease) => `\x1b[M${String.fromCharCode(32 + (isRelease ? bits | 3 : bits), 32 + x, 32 + y)}`,
  s: (bits, x, y, isRelease) => `\x1b[<${bits};${x};${y}${isRelease ? 'm' : 'M'}`,
  r: (bits, x, y, isRelease) => `\x1b[${32 + (isRelease ? bits | 3 : bits)};${x};${y}M`,
};
encoded.u = encoded.d as (typeof encoded)[string];

describe('the mouse in a pane at an offset', () => {
  test('each mode in each encoding, as the program reads it', async () => {
    open('tui');
    await typeIntoFirst();
    const { column, row } = originOf('set:0.');
    expect(Math.min(column, row)).toBeGreaterThan(1);
    const at = (x: number, y: number) => `${column - 1 + x};${row - 1 + y}`;
    for (const [mode, kinds] of Object.entries({ 1: 'p', 2: 'prw', 3: 'pdrw', 4: 'pdrmw' })) {
      for (const [letter, write] of Object.entries(encoded)) {
        await sets(`${mode}${letter}`);
        terminal.press(
          `\x1b[<0;${at(3, 2)}M\x1b[<32;${at(4, 2)}M\x1b[<0;${at(4, 2)}m\x1b[<35;${at(5, 6)}M\x1b[<65;${at(5, 6)}M`,
        );
        const all: [string, string][] = [
          ['p', write(0, 3, 2, false)],
          ['d', write(32, 4, 2, false)],
          ['r', write(0, 4, 2, true)],
          ['m', write(35, 5, 6, false)],
          ['w', write(65, 5, 6, false)],
        ];
        const heard = all.filter(([kind]) => kinds.includes(kind)).map(([, bytes]) => bytes);
        await gets('ada', heard.join(''));
      }
    }
    expect(given('bob')).toBe('');
  });

  test('a click brings another pane into focus, one on the list goes there; neither reaches a program', async () => {
    open('tui');
    await typeIntoFirst();
    await sets('4s');
    const second = originOf('set:0.');
    terminal.press(`\x1b[<0;${second.column + 2};${second.row + 1}M\x1b[<0;${second.column + 2};${second.row + 1}m`);
    terminal.press('k');
    await terminal.sees('set:k.');
    await sets('2s');
    const { column, row } = originOf('set:2s.');
    expect({ column, row }).toEqual(second);
    terminal.press(`\x1b[<2;${column + 1};${row}M`);
    await gets('bob', '\x1b[<2;2;1M');
    expect(given('ada')).toBe('');
    const list = originOf('Of ada');
    terminal.press(`\x1b[<0;${list.column};${list.row}M`);
    await terminal.sees('q leave');
    terminal.press('q');
    expect(await terminal.ends()).toBe(0);
    expect(given('bob')).toBe('\x1b[<2;2;1M');
  });

  test('attached to one session, below its title', async () => {
    open('session', 'attach', 'ada');
    await terminal.sees('set:0.');
    await sets('3s');
    const { column, row } = originOf('set:3s.');
    terminal.press(`\x1b[<16;${column + 9};${row + 4}M`);
    await gets('ada', '\x1b[<16;10;5M');
  });

  test('with `ui: { mouse: false }` it is the terminal’s own', async () => {
    const config = readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8');
    world.write('.forge/config.yaml', `${config}ui: { mouse: false }\n`);
    open('tui');
    await typeIntoFirst();
    await sets('4s');
    expect(terminal.emulator.modes.mouseTrackingMode).toBe('none');
    expect(terminal.output).not.toMatch(/\x1b\[\?100[0236]h/);
  });
});

test('the keyboard: more where it is asked for, on a terminal that has it and on one that has not', async () => {
  open('tui');
  await typeIntoFirst();
  await sets('k');
  await until('the terminal is asked for the same', () => outer.kittyKeyboard === 5);
  terminal.press('\x1b[13;2u', '\x1b[97:65;6u');
  await gets('ada', '\x1b[13;2u\x1b[97:65;6u');
  // As a terminal without the protocol sends it.
  terminal.press('\x01', '\x1bx');
  await gets('ada', '\x1b[13;2u\x1b[97:65;6u\x1b[97;5u\x1b[120;3u');
  await sets('o');
  await sets('K');
  await until('it serves for modifyOtherKeys as well', () => outer.kittyKeyboard === 1);
  terminal.press('\x1b[13;2u');
  await gets('ada', '\x1b[27;2;13~');
  await sets('O');
  await until('and is ordinary again', () => outer.kittyKeyboard === 0);
  terminal.press('\x1b[13;2u');
  await gets('ada', '\r');
  await sets('k');
  terminal.press('\x1b[113;5u');
  await terminal.sees('q leave');
  await until('the dashboard has ordinary keys', () => outer.kittyKeyboard === 0);
  terminal.press('q');
  expect(await terminal.ends()).toBe(0);

  // Whoever comes later finds the same program with the same wish, through the snapshot.
  open('session', 'attach', 'ada');
  await terminal.sees('set:k.');
  await until('the terminal is asked for the same', () => outer.kittyKeyboard === 5);
  terminal.press('\x1b[113;5u');
  expect(await terminal.ends()).toBe(0);
  expect(outer.kittyKeyboard).toBe(0);
});

test('focus follows the typing, and the terminal', async () => {
  open('tui');
  await typeIntoFirst();
  await sets('f');
  await gets('ada', '\x1b[I');
  terminal.press(key.leader);
  await gets('ada', '\x1b[I\x1b[O');
  terminal.press(key.enter);
  await gets('ada', '\x1b[I\x1b[O\x1b[I');
  terminal.press('\x1b[O');
  await gets('ada', '\x1b[I\x1b[O\x1b[I\x1b[O');
  terminal.press('\x1b[I', key.leader);
  await gets('ada', '\x1b[I\x1b[O\x1b[I\x1b[O\x1b[I\x1b[O');
  expect(given('bob')).toBe('');
});

test('T9 a paste cannot end itself, and is typed line by line where brackets are not known', async () => {
  open('session', 'attach', 'ada');
  await terminal.sees('set:0.');
  await sets('p');
  terminal.press('\x1b[200~a\x1b[201~b\n\x1b[201~');
  await gets('ada', `\x1b[200~a${Buffer.from('\u241b').toString('latin1')}201~b\n\x1b[201~`);
  await sets('P');
  terminal.press('\x1b[200~one\ntwo\r\nthree\x1b[201~');
  await gets('ada', 'one\rtwo\rthree');
});

test('T7 an agent that set every mode and is killed leaves nothing of it to the terminal or the next session', async () => {
  open('session', 'attach', 'ada');
  await terminal.sees('set:0.');
  await sets('x');
  await until('the terminal reports all', () => terminal.emulator.modes.mouseTrackingMode === 'any');
  await until('the terminal reports all keys', () => outer.kittyKeyboard === 31);
  expect((await world.forge('session', 'kill', 'ada')).status).toBe(0);
  terminal.press('\x1b[113;5u');
  expect(await terminal.ends()).toBe(0);
  expectAsFound();

  open('session', 'attach', 'bob');
  await terminal.sees('set:0.');
  expect(terminal.emulator.modes.mouseTrackingMode).toBe('drag');
  expect(outer.kittyKeyboard).toBe(0);
  terminal.press('\x01', '\x1b[A');
  await gets('bob', '\x01\x1b[A');
  terminal.press(key.leader);
  expect(await terminal.ends()).toBe(0);
  expectAsFound();
});

function expectAsFound(): void {
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.emulator.modes).toMatchObject({
    mouseTrackingMode: 'none',
    sendFocusMode: false,
    bracketedPasteMode: false,
    applicationCursorKeysMode: false,
    applicationKeypadMode: false,
    wraparoundMode: true,
  });
  expect(outer.kittyKeyboard).toBe(0);
  expect(terminal.output.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.output.lastIndexOf('\x1b[?25l'));
}
