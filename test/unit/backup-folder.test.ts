import fs, { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { backupName, backupsIn, removeOldBackups } from '../../src/backups/backup-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Of one day, so that the oldest two are too many. */
function twelveBackups(): string {
  const folder = temporaryFolder();
  for (let hour = 0; hour < 12; hour++) {
    const path = join(folder, backupName(Date.UTC(2026, 0, 1, hour), '0000'));
    mkdirSync(path);
    for (const file of ['config.yaml', 'forge.db']) writeFileSync(join(path, file), 'x');
  }
  return folder;
}

test('the ten newest backups are kept', () => {
  const folder = twelveBackups();
  removeOldBackups(folder);
  expect(backupsIn(folder).map(({ at }) => new Date(at).getUTCHours())).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  expect(readdirSync(folder)).toHaveLength(10);
});

test('one of which a process that was killed has removed a part is no backup any more', () => {
  const folder = twelveBackups();
  vi.spyOn(fs, 'rmSync').mockImplementation((path) => {
    fs.unlinkSync(join(String(path), 'forge.db'));
    throw new Error('killed');
  });
  syncBuiltinESMExports();
  expect(() => removeOldBackups(folder)).toThrow('killed');
  expect(backupsIn(folder)).toHaveLength(11);
  for (const { path } of backupsIn(folder)) expect(existsSync(join(path, 'forge.db'))).toBe(true);
});
