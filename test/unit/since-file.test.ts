import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupName, backupsIn } from '../../src/backups/backup-folder.ts';
import { appendSince, sinceFile, withSince } from '../../src/backups/since-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const line = (id: string, updatedAt: number, title = id) => JSON.stringify({ id, title, updatedAt });

function twoBackups() {
  const folder = temporaryFolder();
  for (const at of [1, 2]) mkdirSync(join(folder, backupName(at * 60_000, 'aaaa')));
  const [newest, before] = backupsIn(folder);
  if (newest === undefined || before === undefined) throw new Error('no backups');
  return { newest, before };
}

test('lines that were written since take the place of older ones, each task in its newest', () => {
  const { newest } = twoBackups();
  appendSince(newest, [line('a', 2, 'a 2'), line('c', 2)]);
  appendSince(newest, [line('a', 3, 'a 3')]);
  const text = withSince(`${line('a', 1)}\n${line('b', 1)}\n`, newest);
  expect(text.split('\n')).toEqual([line('b', 1), line('a', 3, 'a 3'), line('c', 2), '']);
});

test('a line that somebody gave the backup before, while this one was made, counts unless this one has a newer', () => {
  const { newest, before } = twoBackups();
  appendSince(before, [line('a', 5, 'missed'), line('b', 1, 'old')]);
  expect(
    withSince(`${line('a', 1)}\n${line('b', 7)}\n`, newest)
      .split('\n')
      .sort(),
  ).toEqual(['', line('a', 5, 'missed'), line('b', 7)]);
});

test('half a line of somebody who was killed costs no other', () => {
  const { newest } = twoBackups();
  appendFileSync(join(newest.path, sinceFile), line('a', 2).slice(0, 9));
  appendSince(newest, [line('b', 2)]);
  expect(withSince('', newest)).toBe(`${line('b', 2)}\n`);
});

test('nothing since: the text as it is', () => {
  const { newest } = twoBackups();
  expect(withSince('x\n', newest)).toBe('x\n');
});
