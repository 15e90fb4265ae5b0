import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followLogs } from '../../src/main/follow-logs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const at = (seconds: number) => `2026-11-21T10:00:0${seconds}.000Z`;

test('both logs are told by time, then what is written; a line without a time belongs to the one before', async () => {
  const folder = temporaryFolder();
  const told: string[] = [];
  writeFileSync(join(folder, 'supervisor.log'), `${at(1)} one\n${at(3)} uncaught: no\n    at main.js\n`);
  writeFileSync(join(folder, 'session-host.log'), `${at(2)} two\n`);
  const following = followLogs(folder, (lines) => told.push(...lines.map(({ from, text }) => `${from} ${text}`)));
  try {
    expect(told).toEqual([
      'supervisor one',
      'session-host two',
      'supervisor uncaught: no',
      'supervisor     at main.js',
    ]);
    appendFileSync(join(folder, 'session-host.log'), `${at(4)} thr`);
    appendFileSync(join(folder, 'supervisor.log'), `${at(5)} four\n`);
    await until('the fourth line', () => told.includes('supervisor four'));
    appendFileSync(join(folder, 'session-host.log'), 'ee\n');
    await until('the whole third line', () => told.includes('session-host three'));
    expect(told).toHaveLength(6);
  } finally {
    following.dispose();
  }
});

test('of a long log only the end is read, from a whole line on; without a log there is nothing', () => {
  const folder = temporaryFolder();
  const told: string[] = [];
  writeFileSync(join(folder, 'supervisor.log'), Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(''));
  followLogs(folder, (lines) => told.push(...lines.map(({ text }) => text))).dispose();
  expect(told.at(-1)).toBe('line 19999');
  expect(told[0]).toMatch(/^line \d+$/);
  expect(told.length).toBeLessThan(15_000);
});
