import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Task } from '../../src/domain/task.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Place {
  directory: string;
  file: string;
  store: Store;
  read(): string;
  lines(): Task[];
  /** Writes the file as another program would: an editor, or git. */
  put(content: string | Buffer): void;
}

function place(now: () => number = Date.now): Place {
  const directory = temporaryFolder();
  const file = join(directory, 'tasks.jsonl');
  const store = openStore({ directory, prefix: 'fg', clock: now, jsonl: true });
  onTestFinished(() => store.dispose());
  const read = () => readFileSync(file, 'utf8');
  return {
    directory,
    file,
    store,
    read,
    lines: () =>
      read()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Task),
    put: (content) => writeFileSync(file, content),
  };
}

function line(task: Partial<Task> & { id: string }): string {
  return `${JSON.stringify({ title: task.id, createdAt: 1, updatedAt: 1, ...task })}\n`;
}

const ids = (store: Store) => store.export().map((task) => task.id);

test('each change is in the file: a task a line, by id, keys in order, a line break at the end', () => {
  const { store, read, lines } = place();
  for (const title of ['x', 'y', 'z']) store.tasks.add({ title });
  expect(read().endsWith('}\n')).toBe(true);
  expect(lines()).toEqual(store.export());
  expect(lines().map(({ id }) => id)).toEqual(ids(store).sort());
  expect(Object.keys(lines()[0]).slice(0, 4)).toEqual(['id', 'title', 'body', 'status']);
});

test("what came by git is taken in, and one's own change is written beside it", () => {
  const { store, file, lines } = place();
  const own = store.tasks.add({ title: 'own' });
  appendFileSync(file, line({ id: 'fg-zzzz', title: 'pulled' }));
  store.tasks.edit(own.id, { title: 'own 2' });
  expect(lines().map(({ title }) => title)).toEqual(['own 2', 'pulled']);
  expect(store.sync()).toEqual({ problems: [] });
});

test('a reader leaves the file as it is, whatever its order, line ends and byte order mark', () => {
  const { store, put, read } = place();
  const content = `\ufeff${line({ id: 'fg-b', x: { z: 1, a: [2] } })}${line({ id: 'fg-a' })}`.replaceAll('\n', '\r\n');
  put(content);
  expect(store.sync()).toEqual({ problems: [] });
  expect(ids(store)).toEqual(['fg-a', 'fg-b']);
  expect(store.sync()).toEqual({ problems: [] });
  expect(read()).toBe(content);
});

test('unknown fields survive an edit', () => {
  const { store, put, lines } = place();
  put(line({ id: 'fg-a', estimate: { days: 3 }, zeta: null }));
  store.sync();
  store.tasks.edit('fg-a', { title: 'new' });
  expect(lines()[0]).toMatchObject({ title: 'new', estimate: { days: 3 }, zeta: null });
});

test('a field changed on one side only is taken; changed on both, the newer one wins', () => {
  let now = 10;
  const { store, put } = place(() => now);
  put(line({ id: 'fg-a', title: 'old', body: 'old', priority: 2 }));
  store.sync();
  now = 20;
  put(line({ id: 'fg-a', title: 'theirs', body: 'theirs', priority: 2, updatedAt: 15 }));
  store.tasks.edit('fg-a', { title: 'ours', priority: 0 });
  store.sync();
  expect(store.tasks.get('fg-a')).toMatchObject({ title: 'ours', body: 'theirs', priority: 0, updatedAt: 20 });
  put(line({ id: 'fg-a', title: 'theirs', body: 'theirs', priority: 0, updatedAt: 30 }));
  store.sync();
  expect(store.tasks.get('fg-a')).toMatchObject({ title: 'theirs', priority: 0, updatedAt: 30 });
});

test('a line that is gone is put back; a tombstone deletes, unless the task was edited after it', () => {
  const { store, put, lines } = place(() => 50);
  put(line({ id: 'fg-a' }) + line({ id: 'fg-b' }) + line({ id: 'fg-c', updatedAt: 90 }));
  store.sync();
  const gone = (id: string) => `${JSON.stringify({ id, deletedAt: 60 })}\n`;
  put(gone('fg-b') + gone('fg-c'));
  store.sync();
  expect(ids(store)).toEqual(['fg-a', 'fg-c']);
  store.tasks.edit('fg-a', { title: 'edited' });
  expect(lines()).toMatchObject([{ id: 'fg-a', title: 'edited' }, { id: 'fg-b', deletedAt: 60 }, { id: 'fg-c' }]);
  put(line({ id: 'fg-b', updatedAt: 40 }));
  store.sync();
  expect(ids(store)).toEqual(['fg-a', 'fg-c']);
  put(line({ id: 'fg-b', updatedAt: 70 }));
  store.sync();
  expect(ids(store)).toEqual(['fg-a', 'fg-b', 'fg-c']);
});

test('an id that is there twice, as a union merge leaves it, becomes one task with both changes', () => {
  const { store, put, lines } = place();
  put(line({ id: 'fg-a', title: 'old', body: 'old' }));
  store.sync();
  put(
    line({ id: 'fg-a', title: 'new', body: 'old', updatedAt: 2 }) +
      line({ id: 'fg-a', title: 'old', body: 'new', updatedAt: 3 }),
  );
  expect(store.sync()).toEqual({ problems: [] });
  expect(lines()).toMatchObject([{ id: 'fg-a', title: 'new', body: 'new', updatedAt: 3 }]);
});

test('a deleted file is written again', () => {
  const { store, file, lines } = place();
  store.tasks.add({ title: 'a' });
  rmSync(file);
  store.sync();
  expect(lines()).toEqual(store.export());
});

test.each([
  ['torn', '{"id":"fg-x","title":"ha', 'not JSON'],
  ['NUL bytes', '\0\0\0\0', 'not JSON'],
  ['a NUL inside', '{"id":"fg-x",\0"title":"a"}', 'not JSON'],
  ['no title', '{"id":"fg-x","createdAt":1,"updatedAt":1}', 'not a task: title'],
  [
    'a future status',
    '{"id":"fg-x","title":"x","status":"archived","createdAt":1,"updatedAt":1}',
    'not a task: status',
  ],
  ['a hostile id', '{"id":"../../x","title":"x","createdAt":1,"updatedAt":1}', 'not a task: id'],
  ['not an object', '42', 'not a task'],
  ['10 MB', `{"id":"fg-x","title":"${'x'.repeat(10_000_000)}"`, 'the line is too long'],
  [
    'deep nesting',
    `{"id":"fg-x","title":"x","createdAt":1,"updatedAt":1,"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    'not readable',
  ],
])(
  'a bad line (%s) costs no other, is kept aside and in the file, and is reported until it is mended',
  (_, bad, problem) => {
    const { store, put, read, file } = place();
    const content = `${line({ id: 'fg-a' })}${bad}\n${line({ id: 'fg-b' })}`;
    put(content);
    const { problems } = store.sync();
    expect(problems).toEqual([expect.stringContaining(`${file}:2: ${problem}`)]);
    expect(ids(store)).toEqual(['fg-a', 'fg-b']);
    expect(read() === content).toBe(true);
    expect(readFileSync(`${file}.bad`, 'utf8')).toMatch(/^line 2: .*\n/);
    store.tasks.edit('fg-a', { title: 'changed' });
    expect(read().endsWith(`${bad}\n`)).toBe(true);
    expect(store.sync().problems).toEqual(problems);
    const asideBytes = readFileSync(`${file}.bad`).length;
    put(read().replace(`\n${bad}\n`, `\n${line({ id: 'fg-x', title: 'mended' })}`));
    expect(store.sync()).toEqual({ problems: [] });
    expect(ids(store)).toEqual(['fg-a', 'fg-b', 'fg-x']);
    expect(readFileSync(`${file}.bad`).length).toBe(asideBytes);
  },
);

test('conflict markers: nothing is guessed, nothing is written, and the resolution counts', () => {
  const { store, put, read } = place();
  put(line({ id: 'fg-a', title: 'base' }));
  store.sync();
  const ours = line({ id: 'fg-a', title: 'ours', updatedAt: 5 });
  const theirs = line({ id: 'fg-a', title: 'theirs', updatedAt: 6 });
  const content = `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> other\n${line({ id: 'fg-b' })}`;
  put(content);
  expect(store.sync().problems.at(-1)).toMatch('resolve the merge conflict');
  const added = store.tasks.add({ title: 'meanwhile' });
  expect(read()).toBe(content);
  expect(store.tasks.get('fg-a').title).toBe('base');
  const revision = store.revision();
  store.sync();
  expect(store.revision()).toBe(revision);
  put(ours + line({ id: 'fg-b' }));
  expect(store.sync()).toEqual({ problems: [] });
  expect(store.tasks.get('fg-a').title).toBe('ours');
  expect(read()).toContain(added.id);
});

test('a circle that a merge closed is shown, and unknown dependencies are kept', () => {
  const { store, put } = place();
  put(line({ id: 'fg-a', dependsOn: ['fg-b'] }) + line({ id: 'fg-b', dependsOn: ['fg-a', 'fg-far'] }));
  expect(store.sync().problems).toEqual([expect.stringContaining('fg-a → fg-b → fg-a')]);
  expect(store.tasks.get('fg-b')).toMatchObject({ dependsOn: ['fg-a', 'fg-far'], blockedBy: ['fg-a'] });
});

test('lone surrogates, __proto__ and a last line without a break are taken in', () => {
  const { store, put, lines } = place();
  put(`{"id":"fg-a","title":"x\\ud800y\\u0000z","createdAt":1,"updatedAt":1,"__proto__":{"title":"no"}}`);
  expect(store.sync()).toEqual({ problems: [] });
  expect(store.tasks.get('fg-a').title).toBe('x\ufffdy\0z');
  store.tasks.edit('fg-a', { body: 'b' });
  expect(lines()).toEqual(store.export());
});

test('a file that cannot be used is a problem, and tasks go on', () => {
  const { store, file, directory } = place();
  mkdirSync(file);
  expect(store.tasks.add({ title: 'a' }).title).toBe('a');
  expect(store.sync().problems).toEqual([expect.stringContaining('not a plain file')]);
  rmSync(file, { recursive: true });
  expect(store.sync()).toEqual({ problems: [] });
  expect(existsSync(file)).toBe(true);
  expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test.skipIf(process.getuid?.() === 0)(
  'a file in a folder that cannot be written is a problem, told at the next sync',
  () => {
    const { store, directory } = place();
    chmodSync(directory, 0o500);
    onTestFinished(() => chmodSync(directory, 0o700));
    store.tasks.add({ title: 'a' });
    expect(store.sync().problems).toEqual([expect.stringContaining('could not be written')]);
  },
);

test('ten thousand tasks are taken in within seconds', () => {
  const { store, put } = place();
  put(
    Array.from({ length: 10_000 }, (_, n) => line({ id: `fg-${n}`, dependsOn: n === 0 ? [] : [`fg-${n - 1}`] })).join(
      '',
    ),
  );
  const start = performance.now();
  store.sync();
  expect(store.tasks.ready().map(({ id }) => id)).toEqual(['fg-0']);
  expect(performance.now() - start).toBeLessThan(8_000);
});

test('what a line was changed to by hand, or by git, is in the history; what its own history tells is there once', () => {
  let now = 10;
  const { store, put, read, lines } = place(() => now);
  const { id } = store.tasks.add({ title: 'Bread', labels: ['a'] });
  const history = () => store.tasks.details(id).history.map(({ at, by, changes }) => [at, by, changes]);
  now = 20;
  const byHand = `${JSON.stringify({ ...lines()[0], title: 'Cake', priority: 0, later: 1 })}\n`;
  put(byHand);
  store.sync();
  const found = [20, 'tasks.jsonl', { title: ['Bread', 'Cake'], priority: [2, 0], later: [null, 1] }];
  expect(history()).toEqual([[10, 'forge', {}], found]);
  // It is read, and no more.
  expect(read()).toBe(byHand);
  now = 30;
  store.sync();
  const told = { at: 25, by: 'ada', changes: { title: ['Cake', 'Tart'] } };
  const [line] = lines() as [Task];
  put(
    `${JSON.stringify({ ...line, title: 'Tart', labels: ['b'], updatedAt: 25, history: [...(line.history ?? []), told] })}\n`,
  );
  store.sync();
  expect(history()).toEqual([
    ...[[10, 'forge', {}], found],
    [25, 'ada', told.changes],
    [30, 'tasks.jsonl', { labels: [['a'], ['b']] }],
  ]);
  put(`${read()}${JSON.stringify({ id: 'fg-new', title: 'By hand', createdAt: 1, updatedAt: 1 })}\n`);
  store.sync();
  expect(store.tasks.details('fg-new').history).toEqual([{ at: 30, by: 'tasks.jsonl', changes: {} }]);
});
