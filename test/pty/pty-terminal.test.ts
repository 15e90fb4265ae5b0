import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PtyTerminal } from '../../src/sessions/host/pty-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

test('one who leaves a terminal is told what was read of it, once, and nothing more', async () => {
  const folder = temporaryFolder();
  const env = { PATH: process.env.PATH ?? '' };
  const spec = { id: 's', command: ['seq', '1', '1000000'], cwd: folder, env, cols: 80, rows: 24, labels: {} };
  const terminal = new PtyTerminal(spec, join(folder, 'keeper'));
  try {
    let told = '';
    terminal.onData((bytes) => {
      told += bytes;
      terminal.pause();
    });
    let written = 0;
    await until('a program that cannot write on', () => {
      const last = written;
      written = Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${terminal.pid}/io`, 'utf8'))?.[1]);
      return told !== '' && written === last;
    });
    const before = told;
    terminal.leave();
    const after = told;
    terminal.resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toBe(after);
    expect(after.length).toBeGreaterThan(before.length);
    const all = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\r\n`).join('');
    expect(all.startsWith(after)).toBe(true);
  } finally {
    terminal.keeper.end();
    process.kill(terminal.pid, 'SIGKILL');
  }
});
