import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PtyTerminal } from '../../src/sessions/host/pty-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

function start(script: string): { terminal: PtyTerminal; told(): string; hasEnded(): boolean } {
  const folder = temporaryFolder();
  const env = { PATH: process.env.PATH ?? '' };
  const spec = { id: 's', command: ['sh', '-c', script], cwd: folder, env, cols: 80, rows: 24, labels: {} };
  const terminal = new PtyTerminal(spec, join(folder, 'keeper'));
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

/** It has written all that its terminal takes. */
async function isHeldUp(terminal: PtyTerminal): Promise<void> {
  let written = -1;
  await until('a program that cannot write on', () => {
    const last = written;
    written = Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${terminal.pid}/io`, 'utf8'))?.[1]);
    return written > 0 && written === last;
  });
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
  expect(told()).toBe(before);
  expect(numbers.startsWith(before)).toBe(true);
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
