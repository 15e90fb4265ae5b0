import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { Task } from '../../src/domain/task.ts';
import { taskLine } from '../../src/domain/task-line.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open(folder: string, jsonl = true): Store {
  const store = openStore({ directory: folder, prefix: 'fg', clock: Date.now, jsonl });
  onTestFinished(() => store.dispose());
  return store;
}

const idOf = (n: number) => `fg-${String(n).padStart(4, '0')}`;

/** More than a megabyte of tasks, whose file is as the store wrote it. */
function large() {
  const folder = temporaryFolder();
  const store = open(folder);
  const body = 'x'.repeat(1_000);
  const times = { createdAt: 1, updatedAt: 1, closedAt: null, parent: null, labels: [], dependsOn: [] };
  const tasks = Array.from({ length: 1_200 }, (_, n) => ({ id: idOf(n), title: `Task ${n}`, body, ...times }) as never);
  store.imports.lines(tasks.map((task) => taskLine(task)).join('\n'), false);
  const file = join(folder, 'tasks.jsonl');
  const read = () => readFileSync(file, 'utf8');
  const tasksIn = () =>
    read()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Task);
  const byId = (list: Task[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
  const isInStep = () => expect(byId(tasksIn())).toEqual(store.export());
  expect(statSync(file).size).toBeGreaterThan(1_000_000);
  return { folder, file, store, read, tasksIn, isInStep };
}

test('a change of a large file is put at its end, what it replaces is blank, and nothing else of it is written', () => {
  const { file, store, read, isInStep } = large();
  const [before, inode] = [read(), statSync(file).ino];
  const added = store.tasks.add({ title: 'new' });
  expect(read()).toBe(`${before}${taskLine(store.export().find(({ id }) => id === added.id) as Task)}\n`);
  store.tasks.edit(idOf(7), { title: 'seven' });
  store.tasks.addDependency(idOf(0), idOf(7));
  expect(read().split('\n')[7]).toMatch(/^ +$/);
  expect(statSync(file).ino).toBe(inode);
  isInStep();
  const revision = store.revision();
  expect(store.sync()).toEqual({ problems: [] });
  expect(store.revision()).toBe(revision);
});

test('its lines are in order again when that is asked for, and after many changes', () => {
  const { store, read, tasksIn, isInStep } = large();
  store.tasks.edit(idOf(3), { title: 'three' });
  store.sync(true);
  expect(read()).not.toMatch(/^ /m);
  expect(tasksIn()).toEqual(store.export());
  const sizes = Array.from({ length: 500 }, (_, n) => {
    store.tasks.edit(idOf(n), { priority: 0 });
    return read().length;
  });
  expect(sizes.some((size, n) => size < (sizes[n - 1] ?? 0))).toBe(true);
  isInStep();
});

test('what others write into it right after is taken in, also without a new size', () => {
  const { file, store, read, isInStep } = large();
  store.tasks.add({ title: 'ours' });
  appendFileSync(file, `${JSON.stringify({ id: 'fg-zzzz', title: 'theirs', createdAt: 1, updatedAt: 1 })}\n`);
  store.tasks.add({ title: 'ours too' });
  expect(store.tasks.get('fg-zzzz').title).toBe('theirs');
  store.tasks.edit(idOf(5), { title: 'Task 5!' });
  const handle = openSync(file, 'r+');
  writeSync(handle, 'Mask', read().lastIndexOf('"title":"Task 5!') + '"title":"'.length);
  closeSync(handle);
  store.sync();
  expect(store.tasks.get(idOf(5)).title).toBe('Mask 5!');
  isInStep();
});

test('what somebody appends in the same moments is taken in, each line of it', async () => {
  const { file, store, isInStep } = large();
  // As the store writes them: those that come last stay as they are.
  const [task] = store.export() as [Task];
  const lines = Array.from({ length: 60 }, (_, n) =>
    taskLine({ ...task, id: `fg-other-${n}`, title: `theirs ${n}`, body: '' }),
  );
  const script = 'while read -r line; do printf "%s\\n" "$line" >> "$1"; done';
  const other = spawn('/bin/sh', ['-c', script, 'sh', file], { stdio: ['pipe', 'inherit', 'inherit'] });
  const isOver = once(other, 'exit');
  for (const line of lines) {
    other.stdin.write(`${line}\n`);
    store.tasks.add({ title: 'ours' });
  }
  other.stdin.end();
  await isOver;
  expect(store.sync()).toEqual({ problems: [] });
  expect(store.tasks.count()).toBe(1_320);
  isInStep();
});

test('whoever is killed while putting a line there leaves a part of it, which the next one replaces', () => {
  const { folder, file, store, isInStep } = large();
  const killed = open(folder, false);
  const { id } = killed.tasks.add({ title: 'half' });
  const line = taskLine(killed.export().find((task) => task.id === id) as Task);
  appendFileSync(file, line.slice(0, 40));
  expect(store.sync()).toEqual({ problems: [] });
  isInStep();
});

test('whoever is killed before the old line is blank leaves both, and what was taken away stays away', () => {
  const { folder, file, store, isInStep } = large();
  store.tasks.edit(idOf(2), { assignee: 'ada' });
  const killed = open(folder, false);
  killed.tasks.edit(idOf(2), { assignee: null, title: 'two' });
  appendFileSync(file, `${taskLine(killed.export()[2] as Task)}\n`);
  expect(store.sync()).toEqual({ problems: [] });
  expect(store.tasks.get(idOf(2))).toMatchObject({ title: 'two' });
  expect(store.tasks.get(idOf(2)).assignee).toBeUndefined();
  isInStep();
});

test.each([0, 1, 600, 1_198, 1_199])('line %i of it is found, whatever else was changed before', (n) => {
  const { file, store, isInStep } = large();
  const inode = statSync(file).ino;
  for (const other of [600, 3, 1_100]) store.tasks.edit(idOf(other), { priority: 1 });
  store.tasks.edit(idOf(n), { title: 'once' });
  store.tasks.edit(idOf(n), { title: 'twice' });
  expect(statSync(file).ino).toBe(inode);
  isInStep();
});

test('a file that others wrote in another order is patched too', () => {
  const { folder, file, store, read, isInStep } = large();
  writeFileSync(file, `${read().trim().split('\n').reverse().join('\n')}\n`);
  store.sync();
  const { ino } = statSync(file);
  // As if it had been some time ago.
  utimesSync(file, 1.5, 1.5);
  open(folder).sync();
  store.tasks.edit(idOf(1_000), { title: 'one' });
  store.tasks.edit(idOf(2), { title: 'two' });
  expect(statSync(file).ino).toBe(ino);
  isInStep();
});

test('two that take turns find each other’s changes', () => {
  const { folder, store, isInStep } = large();
  const other = open(folder);
  for (let n = 0; n < 5; n++) {
    store.tasks.edit(idOf(n), { body: `ours ${n}` });
    other.tasks.edit(idOf(n), { title: `theirs ${n}` });
  }
  expect(store.tasks.get(idOf(4))).toMatchObject({ body: 'ours 4', title: 'theirs 4' });
  isInStep();
});

test('eight processes add at once: none is lost, none refused, and the file has them all', async () => {
  const { folder, store, isInStep } = large();
  const script = join(import.meta.dirname, '../support/task-adder.ts');
  const added = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, [script, folder, '10'], { stdio: ['ignore', 'pipe', 'inherit'] });
      return JSON.parse(await text(child.stdout)) as number[];
    }),
  );
  expect(added.flat()).toHaveLength(80);
  expect(store.tasks.count()).toBe(1_280);
  expect(store.sync()).toEqual({ problems: [] });
  isInStep();
});
