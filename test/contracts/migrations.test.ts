import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { migrations } from '../../src/store/migrations/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** By place. A database out there has been through them as they were: none is ever edited. A new one gets a line. */
const sums = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/migrations.json'), 'utf8')) as string[];

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

test.each(migrations.map((text, index) => [index + 1, text] as const))(
  'migration %i is as it was released',
  (number, text) => {
    const why =
      sums[number - 1] === undefined
        ? `Migration ${number} is new: add "${sumOf(text)}" as the last line of test/fixtures/migrations.json`
        : `Migration ${number} was edited: databases that went through it would differ. Write another one instead.`;
    expect(sumOf(text), why).toBe(sums[number - 1]);
  },
);

/** What a Forge of that version has written, by the tables that it had; those after it migrated that. */
const rows: readonly (readonly [since: number, sql: string])[] = [
  [1, `INSERT INTO tasks VALUES ('fg-old1', 'old', 'body', 'open', 1, '["l"]', NULL, 1, 2, NULL, '{"estimate":3}')`],
  [1, `INSERT INTO tasks VALUES ('fg-old2', 'waits', '', 'open', 2, '[]', 'fg-old1', 1, 2, NULL, '{}')`],
  [1, `INSERT INTO task_dependencies VALUES ('fg-old2', 'fg-old1', 0)`],
  [1, `INSERT INTO tombstones VALUES ('fg-gone', 5)`],
  [
    2,
    `INSERT INTO runs (id, task, number, worker, agent, status, reason, session, created_at, is_live)
     VALUES ('fg-old1-1', 'fg-old1', 1, 'w', 'a', 'working', '', 's1', 1, 1), ('fg-old1-2', 'fg-old1', 2, 'w', 'a', 'done', '', 's2', 1, 0)`,
  ],
  [2, `INSERT INTO run_events VALUES ('fg-old1-1', 1, 'run.created', '{}', 'queued', 1)`],
  [2, `INSERT INTO run_snapshots VALUES ('fg-old1-1', 1, '{"value":"working"}')`],
  [5, `INSERT INTO batches VALUES ('b', 1)`],
  [5, `INSERT INTO batch_tasks VALUES (1, 'fg-old1', 'b')`],
];

function databaseOf(version: number): string {
  const directory = temporaryFolder();
  const sqlite = new Sqlite(join(directory, 'forge.db'));
  for (let step = 1; step <= version; step++) {
    sqlite.exec(migrations[step - 1] as string);
    for (const [since, sql] of rows) if (since === step) sqlite.exec(sql);
  }
  sqlite.pragma(`user_version = ${version}`);
  sqlite.close();
  return directory;
}

function open(directory: string) {
  const store = openStore({ directory, prefix: 'fg', clock: () => 10, jsonl: false });
  onTestFinished(() => store.dispose());
  return store;
}

test.each(migrations.map((_, index) => index + 1))(
  'a database of version %i is opened, with all that was in it',
  (version) => {
    const directory = databaseOf(version);
    const store = open(directory);
    expect(store.tasks.list()).toMatchObject([
      { id: 'fg-old1', title: 'old', body: 'body', priority: 1, labels: ['l'], estimate: 3 },
      { id: 'fg-old2', parent: 'fg-old1', dependsOn: ['fg-old1'], blockedBy: ['fg-old1'] },
    ]);
    expect(store.runs.list().map(({ id, status }) => [id, status])).toEqual(
      version < 2
        ? []
        : [
            ['fg-old1-1', 'working'],
            ['fg-old1-2', 'done'],
          ],
    );
    if (version >= 2) {
      expect(store.runs.live().map(({ id }) => id)).toEqual(['fg-old1-1']);
      expect(store.runs.events('fg-old1-1')).toMatchObject([{ type: 'run.created' }]);
    }
    if (version >= 5) expect(store.ownBatches.list()).toEqual([{ name: 'b', createdAt: 1, tasks: ['fg-old1'] }]);
    expect(store.tasks.add({ title: 'new' }).title).toBe('new');
  },
);

test.each(migrations.slice(1).map((_, index) => index + 1))(
  'the way back from a migration of version %i is kept beside it',
  (version) => {
    const directory = databaseOf(version);
    const file = join(directory, 'forge.db');
    const kept = `${file}.v${version}`;
    const store = open(directory);
    store.tasks.add({ title: 'new' });
    store.dispose();
    const old = new Sqlite(kept, { readonly: true });
    expect(old.pragma('user_version', { simple: true })).toBe(version);
    expect(old.prepare('SELECT count(*) FROM tasks').pluck().get()).toBe(2);
    expect(old.pragma('integrity_check', { simple: true })).toBe('ok');
    old.close();
    for (const side of ['-wal', '-shm']) rmSync(`${kept}${side}`, { force: true });
    renameSync(kept, file);
    expect(open(directory).tasks.list()).toHaveLength(2);
    expect(existsSync(kept)).toBe(true);
  },
);
