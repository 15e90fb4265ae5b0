import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { ErrorCode } from '../../src/base/errors.ts';
import { parseTaskQuery } from '../../src/domain/task-query.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { rebuildStore } from '../../src/store/rebuild-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open(directory = temporaryFolder(), { clock = Date.now, actor = 'ada' } = {}): Store {
  const store = openStore({ directory, prefix: 'fg', clock, actor, jsonl: true });
  onTestFinished(() => store.dispose());
  return store;
}

const coded = (code: ErrorCode) => expect.objectContaining({ code });
const titles = (tasks: readonly { title: string }[]) => tasks.map(({ title }) => title);

test('a task has links, an assignee, an estimate and an acceptance, and each can be taken away', () => {
  const { tasks } = open();
  const a = tasks.add({ title: 'a' }).id;
  const b = tasks.add({ title: 'b', related: [a.slice(3)], discoveredFrom: a, parent: a, dependsOn: [a] }).id;
  const given = { assignee: 'ada', estimateMinutes: 90, acceptance: 'it works' };
  expect(tasks.edit(b, given)).toMatchObject({ ...given, related: [a], discoveredFrom: a, parent: a });
  expect(tasks.details(a)).toMatchObject({ blocks: [b], children: [b], relatedFrom: [b], discovered: [b] });
  const bare = tasks.edit(b, {
    ...{ assignee: null, estimateMinutes: null, acceptance: null, related: [], discoveredFrom: null, parent: null },
  });
  expect(Object.keys(bare).filter((key) => key in given || key === 'related' || key === 'discoveredFrom')).toEqual([]);
  expect(bare.parent).toBeNull();
  expect(() => tasks.edit(b, { related: ['fg-none'] })).toThrow(coded('task.missing'));
  expect(() => tasks.edit(b, { estimateMinutes: -1 })).toThrow(coded('usage.invalid'));
});

test('every change is in the history with its author, and what changes nothing is not', () => {
  let now = 10;
  const directory = temporaryFolder();
  const { tasks } = open(directory, { clock: () => now });
  const { id } = tasks.add({ title: 'a' });
  now = 20;
  open(directory, { clock: () => now, actor: 'bo' }).tasks.edit(id, { priority: 0, labels: ['ui'] });
  tasks.edit(id, { priority: 0 });
  now = 30;
  tasks.edit(id, { body: 'x'.repeat(500) });
  tasks.close(id);
  tasks.close(id);
  expect(tasks.details(id).history).toEqual([
    { at: 10, by: 'ada', changes: {} },
    { at: 20, by: 'bo', changes: { priority: [2, 0], labels: [[], ['ui']] } },
    { at: 30, by: 'ada', changes: { body: ['', `${'x'.repeat(200)}…`] } },
    { at: 30, by: 'ada', changes: { status: ['open', 'closed'] } },
  ]);
});

test('comments and history survive a lost database, and cannot be rewritten', () => {
  const directory = temporaryFolder();
  const first = open(directory);
  const { id } = first.tasks.add({ title: 'a' });
  first.tasks.comment(id, ' fails with 漢字 ');
  const known = first.tasks.details(id);
  first.dispose();
  rmSync(join(directory, 'forge.db'));
  expect(open(directory).tasks.details(id)).toEqual(known);
  const sqlite = new Sqlite(join(directory, 'forge.db'));
  onTestFinished(() => {
    sqlite.close();
  });
  expect(() => sqlite.exec("UPDATE task_notes SET entry = '{}'")).toThrow('append-only');
  expect(() => sqlite.exec('DELETE FROM task_notes')).toThrow('append-only');
});

test('a rebuilt store has comments, history and links, and finds words', () => {
  const directory = temporaryFolder();
  const store = open(directory);
  const a = store.tasks.add({ title: 'a login' }).id;
  const b = store.tasks.add({ title: 'b', related: [a] }).id;
  store.tasks.comment(b, 'on Tuesdays');
  const known = store.tasks.details(b);
  store.dispose();
  rebuildStore(join(directory, 'forge.db'), 1);
  const { tasks } = open(directory);
  expect(tasks.details(b)).toEqual(known);
  expect(titles(tasks.search('tuesd', { limit: 2, isAll: true }))).toEqual(['b']);
  tasks.add({ title: 'another login' });
  expect(tasks.search('login', { limit: 5, isAll: true })).toHaveLength(2);
});

test('what two branches said of one task is all there after their merge, once and in order', () => {
  let now = 1;
  const here = temporaryFolder();
  const there = temporaryFolder();
  const one = open(here, { clock: () => now });
  const { id } = one.tasks.add({ title: 'a', labels: ['x'] });
  writeFileSync(join(there, 'tasks.jsonl'), readFileSync(join(here, 'tasks.jsonl')));
  const other = open(there, { clock: () => now, actor: 'bo' });
  now = 2;
  one.tasks.comment(id, 'from ada');
  one.tasks.edit(id, { priority: 1 });
  now = 3;
  other.tasks.comment(id, 'from bo');
  other.tasks.edit(id, { estimateMinutes: 5 });
  writeFileSync(join(here, 'tasks.jsonl'), readFileSync(join(there, 'tasks.jsonl')));
  expect(one.sync()).toEqual({ problems: [] });
  const merged = one.tasks.details(id);
  expect(merged.estimateMinutes).toBe(5);
  expect(merged.comments.map((comment) => comment.text)).toEqual(['from ada', 'from bo']);
  expect(merged.history.map(({ by, changes }) => [by, ...Object.keys(changes)])).toEqual([
    ['ada'],
    ['ada', 'priority'],
    ['bo', 'estimateMinutes'],
    // The file that was put here had the priority from before.
    ['tasks.jsonl', 'priority'],
  ]);
  writeFileSync(join(there, 'tasks.jsonl'), readFileSync(join(here, 'tasks.jsonl')));
  expect(other.sync()).toEqual({ problems: [] });
  const history = merged.history.filter(({ by }) => by !== 'tasks.jsonl');
  expect(other.tasks.details(id)).toEqual({ ...merged, history });
});

test('words are found in title, body, labels and comments, the best first, closed ones when asked', () => {
  const { tasks } = open();
  tasks.add({ title: 'Rewrite the parser', body: 'The login is slow.' });
  const login = tasks.add({ title: 'Fix the login', labels: ['Überprüfung'] }).id;
  const other = tasks.add({ title: 'Something else' }).id;
  const search = (words: string, isAll = false) => titles(tasks.search(words, { limit: 9, isAll }));
  expect(search('login')).toEqual(['Fix the login', 'Rewrite the parser']);
  expect(search('log fix')).toEqual(['Fix the login']);
  expect(search('uberpruf')).toEqual(['Fix the login']);
  expect(search(login)).toEqual(['Fix the login']);
  expect(search('"the login"')).toEqual(['Fix the login', 'Rewrite the parser']);
  expect(search('"login the"')).toEqual([]);
  tasks.comment(other, 'It breaks on Tuesdays.');
  expect(search('tuesday')).toEqual(['Something else']);
  tasks.edit(other, { title: 'Anything else' });
  expect(search('something')).toEqual([]);
  expect(search('tuesday anything')).toEqual(['Anything else']);
  tasks.close(other);
  expect(search('tuesday')).toEqual([]);
  expect(search('tuesday', true)).toEqual(['Anything else']);
});

test.each(
  [
    ...[
      '"',
      '""',
      '*',
      'a*',
      'AND',
      'a AND',
      'NEAR(a b)',
      'title:x',
      '{a b}: c',
      '(',
      '-a',
      '^a',
      "'; DROP TABLE tasks",
      '\0',
    ],
    ...['"unclosed phrase', '\ud800', '🙂', '%', '', ' '.repeat(9), 'a '.repeat(5_000), '+', 'x'.repeat(100_000)],
  ].map((words) => ({ words, shown: words.slice(0, 20) })),
)('a search for odd input never fails: $shown', ({ words }) => {
  const { tasks } = open();
  tasks.add({ title: 'a task' });
  expect(tasks.search(words, { limit: 5, isAll: true }).length).toBeLessThanOrEqual(1);
});

test('a claim takes the most urgent free task, which nobody else gets until it is given back', () => {
  const { tasks, runs } = open();
  const low = tasks.add({ title: 'low', priority: 3 }).id;
  const own = tasks.add({ title: 'of bo', priority: 0, assignee: 'bo' }).id;
  const high = tasks.add({ title: 'high', priority: 1 }).id;
  tasks.add({ title: 'blocked', priority: 0, dependsOn: [high] });
  expect(tasks.claim('w1', null)).toMatchObject({ id: high, assignee: 'w1', isReady: false });
  expect(tasks.claim('w2', null)?.id).toBe(low);
  expect(tasks.claim('w3', null)).toBeNull();
  expect(() => tasks.claim('w3', high)).toThrow(`${high} is not free: is with w1`);
  expect(() => tasks.claim('w3', own)).toThrow(coded('task.claimed'));
  expect(tasks.claim('bo', null)?.id).toBe(own);
  expect(() =>
    runs.create({ task: low, worker: 'w', agent: 'x' }, () => {
      throw new Error('not reached');
    }),
  ).toThrow(coded('task.claimed'));
  expect(titles(tasks.ready())).toEqual([]);
  expect(tasks.release(low)).toMatchObject({ id: low, isReady: true });
  expect(tasks.get(low).assignee).toBeUndefined();
  expect(titles(tasks.ready())).toEqual(['low']);
  expect(tasks.close(high).claimedAt).toBeUndefined();
  expect(titles(tasks.ready())).toEqual(['blocked', 'low']);
});

test('eight processes claim at once: every task is with one of them', async () => {
  const directory = temporaryFolder();
  const { tasks } = open(directory);
  const ids = Array.from({ length: 40 }, (_, n) => tasks.add({ title: `task ${n}`, priority: n % 5 }).id);
  const script = join(import.meta.dirname, '../support/task-claimer.ts');
  const claimed = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      const child = spawn(process.execPath, [script, directory, `w${n}`], { stdio: ['ignore', 'pipe', 'inherit'] });
      return (JSON.parse(await text(child.stdout)) as string[]).map((id) => [id, `w${n}`] as const);
    }),
  );
  expect(
    claimed
      .flat()
      .map(([id]) => id)
      .toSorted(),
  ).toEqual(ids.toSorted());
  for (const [id, worker] of claimed.flat()) expect(tasks.get(id).assignee).toBe(worker);
});

test('a query finds by conditions and words, in pages, and many are changed at once or not at all', () => {
  const { tasks, filters } = open();
  const a = tasks.add({ title: 'login a', labels: ['ui', 'later'], priority: 1 }).id;
  tasks.add({ title: 'login b', labels: ['ui'], priority: 3, assignee: 'ada', dependsOn: [a] });
  tasks.add({ title: 'c', labels: ['two words'], parent: a, agent: 'claude' });
  tasks.close(tasks.add({ title: 'done', labels: ['ui'] }).id);
  const found = (query: string) => titles(tasks.select(parseTaskQuery(query)));
  expect(found('label:ui')).toEqual(['login a', 'done', 'login b']);
  expect(found('status:open label:ui -label:later')).toEqual(['login b']);
  expect(found('priority<=2 status:open')).toEqual(['login a', 'c']);
  expect(found('label:"two words"')).toEqual(['c']);
  expect(found('assignee:ada')).toEqual(['login b']);
  expect(found('-assignee:none login')).toEqual(['login b']);
  expect(found('agent:claude')).toEqual(['c']);
  expect(found(`parent:${a}`)).toEqual(['c']);
  expect(found('is:blocked')).toEqual(['login b']);
  expect(found('is:ready')).toEqual(['login a', 'c']);
  expect(titles(tasks.select(parseTaskQuery(''), { limit: 2, offset: 1 }))).toEqual(['c', 'done']);
  const changed = tasks.editMany(parseTaskQuery('label:ui'), { priority: 0, addLabels: ['x'], removeLabels: ['ui'] });
  expect(changed.map(({ labels, priority }) => [labels, priority])).toEqual([
    [['later', 'x'], 0],
    [['x'], 0],
    [['x'], 0],
  ]);
  expect(() => tasks.editMany(parseTaskQuery('label:x'), { dependsOn: [a], title: 'new' })).toThrow(
    coded('task.cycle'),
  );
  expect(found('new')).toEqual([]);
  filters.save({ name: 'urgent', query: 'priority:0' });
  filters.save({ name: 'urgent', query: 'priority<=1' });
  expect(filters.list()).toEqual([{ name: 'urgent', query: 'priority<=1' }]);
  expect(filters.remove('urgent').query).toBe('priority<=1');
  expect(() => filters.get('urgent')).toThrow(coded('filter.missing'));
});

test('one look at many tasks shows the most urgent open ones, those closed last, and one with a run', () => {
  const store = open();
  const line = (n: number, more: object) =>
    JSON.stringify({ id: `fg-${n}`, title: `t${n}`, createdAt: n, updatedAt: n, priority: 3, ...more });
  const lines = [
    ...Array.from({ length: 1_100 }, (_, n) => line(n, {})),
    ...Array.from({ length: 300 }, (_, n) => line(n + 2_000, { status: 'closed', closedAt: n })),
  ];
  store.imports.lines(lines.join('\n'), false);
  store.tasks.edit('fg-1050', { priority: 0 });
  const last = 'fg-1099';
  store.runs.create({ task: last, worker: 'w', agent: 'a' }, () => ({
    ...{ event: { type: 'run.queued' }, status: 'queued', snapshot: { machineVersion: 1, snapshot: {} }, row: {} },
  }));
  const shown = new Set(store.tasks.shown().map(({ id }) => id));
  expect([shown.size, store.tasks.count(), store.tasks.countOpen()]).toEqual([1_201, 1_400, 1_100]);
  expect(['fg-0', 'fg-998', 'fg-1050', last, 'fg-2299', 'fg-2100'].filter((id) => !shown.has(id))).toEqual([]);
  expect(['fg-999', 'fg-1098', 'fg-2099'].filter((id) => shown.has(id))).toEqual([]);
});

test('the words of many new tasks are one piece of the index, so that no later task has to put them in order', () => {
  const directory = temporaryFolder();
  const store = open(directory);
  const words = (n: number) => Array.from({ length: 200 }, (_, at) => `w${(n * 200 + at).toString(36)}`).join(' ');
  const line = (n: number) =>
    JSON.stringify({ id: `fg-${n}`, title: `t${n}`, body: words(n), createdAt: n, updatedAt: n });
  store.imports.lines(Array.from({ length: 2_000 }, (_, n) => line(n)).join('\n'), false);
  const sqlite = new Sqlite(join(directory, 'forge.db'), { readonly: true });
  expect(sqlite.prepare('SELECT count(DISTINCT segid) FROM task_words_idx').pluck().get()).toBe(1);
  sqlite.close();
});
