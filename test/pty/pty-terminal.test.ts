import { readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PtyTerminal } from '../../src/sessions/host/pty-terminal.ts';
import { isHeldUp } from '../support/held-up.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const floodWorker = new URL('../../src/sessions/host/flood-worker.ts', import.meta.url);

function start(script: string): { terminal: PtyTerminal; told(): string; hasEnded(): boolean } {
  const folder = temporaryFolder();
  const env = { PATH: process.env.PATH ?? '' };
  const spec = { id: 's', command: ['sh', '-c', script], cwd: folder, env, cols: 80, rows: 24, labels: {} };
  const terminal = new PtyTerminal(spec, join(folder, 'keeper'), floodWorker);
  let told = '';
  let hasEnded = false;
  terminal.onData((bytes) => {
    told += bytes;
  });
  terminal.onExit(() => {
    hasEnded = true;
  });
  onTestFinished(() => {
    terminal.keeper.end();
    if (!hasEnded) process.kill(terminal.pid, 'SIGKILL');
  });
  return { terminal, told: () => told, hasEnded: () => hasEnded };
}

const flood = 'exec seq 1 1000000';
const numbers = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\r\n`).join('');

test('one who leaves a terminal is told what was read of it, once, and nothing more', async () => {
  const { terminal, told } = start(flood);
  await until('some output', () => told() !== '');
  terminal.leave();
  const before = told();
  terminal.resume();
  await isHeldUp(terminal);
  expect(told() === before).toBe(true);
  expect(numbers.startsWith(before.slice(0, numbers.length))).toBe(true);
});

test('a terminal that is paused tells nothing, and goes on where it was', async () => {
  const { terminal, told } = start(flood);
  await until('some output', () => told() !== '');
  terminal.pause();
  const before = told();
  await isHeldUp(terminal);
  expect(told()).toBe(before);
  terminal.resume();
  await until('more output', () => told().length > before.length + 64 * 1024);
  terminal.pause();
  expect(numbers.startsWith(told().slice(0, numbers.length))).toBe(true);
});

test('what a program wrote last is told although its terminal is paused when it ends', async () => {
  const { terminal, told, hasEnded } = start('echo first; read answer; seq 1 500; echo last words');
  await until('its question', () => told().includes('first'));
  terminal.pause();
  writeSync(terminal.fd, '\n');
  await until('its end', hasEnded);
  expect(told()).toMatch(/\r\n499\r\n500\r\nlast words\r\n$/);
});

test('a flood is told whole and in order, though it is paused now and then', async () => {
  const { terminal, told, hasEnded } = start('exec seq 1 3000000');
  for (let turn = 1; turn <= 4; turn++) {
    await until('more of it', () => told().length > turn * 1_000_000);
    terminal.pause();
    terminal.resume();
    terminal.pause();
    const before = told();
    await isHeldUp(terminal);
    expect(told() === before).toBe(true);
    terminal.resume();
  }
  await until('its end', hasEnded);
  expect(told() === Array.from({ length: 3_000_000 }, (_, index) => `${index + 1}\r\n`).join('')).toBe(true);
});

test('one who leaves a terminal in a flood has told what was read of it', async () => {
  const { terminal, told } = start('exec seq 1 10000000');
  await until('a flood', () => told().length > 8 * 1024 * 1024);
  terminal.leave();
  const before = told();
  await isHeldUp(terminal);
  expect(told() === before).toBe(true);
  expect(before.startsWith(numbers)).toBe(true);
  // Whoever reads next goes on with the very next byte.
  const next = Buffer.alloc(4_096);
  const length = readSync(terminal.fd, next);
  const lines = `${before.slice(-1_000)}${next.toString('utf8', 0, length)}`.split('\r\n').slice(1, -1).map(Number);
  expect(lines).toEqual(lines.map((_, index) => (lines[0] ?? 0) + index));
  expect(lines.length).toBeGreaterThan(200);
});
