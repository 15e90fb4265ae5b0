import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { isSame } from '../../src/processes/end-tree.ts';
import type { FloodReader } from '../../src/sessions/host/flood-reader.ts';
import { PtyTerminal } from '../../src/sessions/host/pty-terminal.ts';
import { isHeldUp } from '../support/held-up.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const worker = new URL('../../src/sessions/host/flood-worker.ts', import.meta.url);
/** Twice so many bytes at once are a flood. */
const flooded = 512 * 1024;
const ready = 'ready\r\n';

// It remembers when the last thread of all terminals ended.
beforeEach(() => void vi.resetModules());

interface Reading {
  reader: FloodReader;
  terminal: PtyTerminal;
  told: Buffer[];
  /** `isReading` after each change. */
  changes: boolean[];
  /** What the terminal itself read. */
  others(): string;
}

/** Has the terminal of a script read, which nobody else reads from the script's first byte on. */
async function read(script: string, program = worker): Promise<Reading> {
  const folder = temporaryFolder();
  const env = { PATH: process.env.PATH ?? '' };
  const command = ['sh', '-c', `stty -echo; echo ready; read -r go; ${script}`];
  const spec = { id: 's', command, cwd: folder, env, cols: 80, rows: 24, labels: {} };
  const terminal = new PtyTerminal(spec, join(folder, 'keeper'), worker);
  let others = '';
  terminal.onData((bytes) => {
    others += bytes;
  });
  await until('the script', () => others === ready);
  terminal.pause();
  const told: Buffer[] = [];
  const changes: boolean[] = [];
  const { FloodReader } = await import('../../src/sessions/host/flood-reader.ts');
  const reader: FloodReader = new FloodReader(program, {
    fd: () => terminal.fd,
    tell: (bytes) => told.push(bytes),
    changed: () => changes.push(reader.isReading),
  });
  onTestFinished(() => {
    reader.stop();
    terminal.keeper.end();
    if (isSame(terminal.pid, terminal.startTime ?? '')) process.kill(terminal.pid, 'SIGKILL');
  });
  reader.count(flooded);
  reader.count(flooded);
  writeSync(terminal.fd, '\n');
  return { reader, terminal, told, changes, others: () => others.slice(ready.length) };
}

const numbersTo = (last: number) => Array.from({ length: last }, (_, index) => `${index + 1}\r\n`).join('');
const textOf = (told: Buffer[]) => Buffer.concat(told).toString();

test('a flood is read in a thread, in order and to its end, and then left to the other one', async () => {
  const { reader, told, changes } = await read('seq 1 1000000; sleep 600');
  expect(reader.isReading).toBe(false);
  await until('the end of the flood', () => changes.length === 2);
  expect(changes).toEqual([true, false]);
  expect(textOf(told) === numbersTo(1_000_000)).toBe(true);
});

test('while it is paused nothing is told and the program is held up, and then it goes on where it was', async () => {
  const { reader, terminal, told } = await read('exec seq 1 10000000');
  const numbers = numbersTo(400_000);
  for (let turn = 1; turn <= 10; turn++) {
    const before = textOf(told);
    await until('more', () => textOf(told).length > before.length + 100_000);
    reader.pause();
    const length = textOf(told).length;
    expect(length).toBeGreaterThan(before.length);
    await isHeldUp(terminal);
    expect(textOf(told).length).toBe(length);
    reader.resume();
  }
  reader.pause();
  expect(textOf(told).slice(0, numbers.length)).toBe(numbers.slice(0, textOf(told).length));
});

test('once it is stopped nothing more is read, and who reads then gets all that comes after', async () => {
  const { reader, terminal, told, changes, others } = await read('seq 1 1000000; sleep 600');
  await until('some', () => textOf(told).length > 1_000_000);
  reader.stop();
  const first = textOf(told);
  expect(changes).toEqual([true, false]);
  terminal.resume();
  const numbers = numbersTo(1_000_000);
  await until('the rest', () => first.length + others().length >= numbers.length);
  expect(first.length).toBeLessThan(numbers.length);
  expect(first + others() === numbers).toBe(true);
  expect(textOf(told) === first).toBe(true);
});

test('one that is stopped before its thread has begun reads nothing', async () => {
  const { reader, told, changes } = await read('exec seq 1 10000000');
  reader.stop();
  expect(changes).toEqual([false]);
  vi.resetModules();
  const other = await read('seq 1 1000000; sleep 600');
  await until('the end of another flood', () => other.changes.length === 2);
  expect(told).toEqual([]);
  expect(changes).toEqual([false]);
});

test('the end of the program ends it', async () => {
  const { told, changes } = await read('exec seq 1 200000');
  await until('the end', () => changes.length === 2);
  expect(textOf(told) === numbersTo(200_000)).toBe(true);
});

test('there is one thread at a time, and one after it soon', async () => {
  const first = await read('exec seq 1 10000000');
  const second = await read('exec seq 1 10000000');
  await until('some', () => first.told.length > 0);
  expect(second.changes).toEqual([]);
  first.reader.stop();
  await until('some of the other', () => {
    second.reader.count(flooded);
    second.reader.count(flooded);
    return second.told.length > 0;
  });
});

test('what goes on with a little now and then is left to the other thread', async () => {
  const { changes } = await read('seq 1 1000000; while :; do printf .; sleep 0.03; done');
  await until('the end of the flood', () => changes.length === 2);
  expect(changes).toEqual([true, false]);
});

test.each([
  ['is not found', new URL('./no-such-worker.ts', import.meta.url)],
  ['cannot be started', new URL('http://localhost/')],
  ['throws', new URL('data:text/javascript,throw new Error("no")')],
  ['ends', new URL('data:text/javascript,process.exit(0)')],
])('a thread that %s leaves the terminal to the other one', async (_, program) => {
  const { reader, told, changes, others, terminal } = await read('seq 1 1000000; sleep 600', program);
  await until('its end', () => changes.at(-1) === false || program.protocol === 'http:');
  expect(reader.isReading).toBe(false);
  terminal.resume();
  const numbers = numbersTo(1_000_000);
  await until('all', () => others().length >= numbers.length);
  expect(told).toEqual([]);
  expect(others() === numbers).toBe(true);
});

test('a listener that fails does not keep it from ending', async () => {
  const { reader, terminal, changes, told } = await read('exec seq 1 10000000');
  await until('some', () => told.length > 0);
  reader.pause();
  await isHeldUp(terminal);
  told.push = () => {
    throw new Error('not this time');
  };
  expect(() => reader.stop()).toThrow('not this time');
  expect(changes).toEqual([true, false]);
});
