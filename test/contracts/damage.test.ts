import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const writer = join(import.meta.dirname, '../support/store-writer.ts');

function titles(directory: string): string[] {
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  try {
    return store.tasks
      .list()
      .map(({ title }) => title)
      .sort();
  } finally {
    store.dispose();
  }
}

/** Kills a process that writes, so that what it wrote last is in the write-ahead log alone. */
async function killedAtWork(directory: string): Promise<string[]> {
  const child = spawn(process.execPath, [writer, directory, 'w', '10000'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = () =>
    existsSync(join(directory, 'tasks.jsonl')) ? readFileSync(join(directory, 'tasks.jsonl'), 'utf8') : '';
  await until('some tasks are there', () => lines().split('\n').length > 10);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return lines()
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { title: string }).title);
}

test('D2: a writer that is killed, and its write-ahead log that is lost: no task is', async () => {
  const directory = temporaryFolder();
  const written = await killedAtWork(directory);
  for (const side of ['-wal', '-shm']) rmSync(join(directory, `forge.db${side}`), { force: true });
  expect(titles(directory)).toEqual(expect.arrayContaining(written));
});

test('D2: a write-ahead log of another time beside the database is not taken for its own', async () => {
  const directory = temporaryFolder();
  await killedAtWork(directory);
  const log = join(directory, 'forge.db-wal');
  const old = join(directory, 'old-wal');
  copyFileSync(log, old);
  const before = titles(directory);
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  store.tasks.add({ title: 'x later' });
  store.dispose();
  copyFileSync(old, log);
  expect(titles(directory)).toEqual([...before, 'x later'].sort());
});

test('D2: a disk that takes no more fails in words, and what was told as done is there', () => {
  const directory = temporaryFolder();
  // A file may have so many blocks of 512 bytes; more is an error, as on a full disk.
  const script = `trap '' XFSZ; ulimit -f 1500; exec "$@"`;
  const child = spawnSync('sh', ['-c', script, 'sh', process.execPath, writer, directory, 'w', '20000'], {
    encoding: 'utf8',
  });
  expect(child.status).not.toBe(0);
  expect(child.stderr).toMatch(/cannot grow: the disk is full|cannot be read or written/);
  const told = readFileSync(join(directory, 'tasks.jsonl'), 'utf8').trim().split('\n');
  expect(titles(directory)).toEqual(
    expect.arrayContaining(told.map((line) => (JSON.parse(line) as { title: string }).title)),
  );
  const sqlite = new Sqlite(join(directory, 'forge.db'), { readonly: true });
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  sqlite.close();
});

test('D3: the file is newer than the database, and the database newer than the file', () => {
  const directory = temporaryFolder();
  const [file, database] = [join(directory, 'tasks.jsonl'), join(directory, 'forge.db')];
  const add = (title: string) => {
    const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
    store.tasks.add({ title });
    store.dispose();
  };
  add('a');
  const [oldFile, oldDatabase] = [readFileSync(file), readFileSync(database)];
  add('b');
  const newFile = readFileSync(file);
  writeFileSync(file, oldFile);
  expect(titles(directory)).toEqual(['a', 'b']);
  writeFileSync(file, newFile);
  writeFileSync(database, oldDatabase);
  expect(titles(directory)).toEqual(['a', 'b']);
});

test('D3: two lines of one task, as a merge by lines leaves them, keep the newer words of both', () => {
  const directory = temporaryFolder();
  let now = 10;
  const store = openStore({ directory, prefix: 'fg', clock: () => now, jsonl: true });
  onTestFinished(() => store.dispose());
  const { id } = store.tasks.add({ title: 'old' });
  const file = join(directory, 'tasks.jsonl');
  const old = JSON.parse(readFileSync(file, 'utf8'));
  now = 20;
  store.tasks.edit(id, { title: 'ours' });
  // Theirs began with the old title, and is older than ours.
  writeFileSync(file, `${readFileSync(file, 'utf8')}${JSON.stringify({ ...old, body: 'theirs', updatedAt: 15 })}\n`);
  store.sync();
  expect(store.tasks.get(id).title).toBe('ours');
});
