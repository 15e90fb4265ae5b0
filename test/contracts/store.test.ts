import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { ErrorCode } from '../../src/base/errors.ts';
import type { RunStatus } from '../../src/domain/run.ts';
import type { RunTransition, Store } from '../../src/ports/store.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open(directory: string, { jsonl = true, clock = Date.now } = {}): Store {
  const store = openStore({ directory, prefix: 'fg', clock, jsonl });
  onTestFinished(() => store.dispose());
  return store;
}

function step(status: RunStatus, type = 'run.created'): RunTransition {
  return { event: { type, note: 'n' }, status, snapshot: { machineVersion: 1, snapshot: { value: status } }, row: {} };
}

const coded = (code: ErrorCode) => expect.objectContaining({ code });

test('a task is added, edited, closed and reopened', () => {
  let now = 1000;
  const { tasks } = open(temporaryFolder(), { clock: () => now });
  const task = tasks.add({ title: ' Fix it ', labels: ['bug'], priority: 1 });
  expect(task).toEqual({
    id: expect.stringMatching(/^fg-[a-z2-9]{4}$/),
    title: 'Fix it',
    body: '',
    status: 'open',
    priority: 1,
    labels: ['bug'],
    dependsOn: [],
    parent: null,
    createdAt: 1000,
    updatedAt: 1000,
    closedAt: null,
    blockedBy: [],
    isReady: true,
  });
  now = 2000;
  expect(tasks.edit(task.id, { body: 'more' })).toMatchObject({ title: 'Fix it', body: 'more', updatedAt: 2000 });
  now = 1500;
  expect(tasks.close(task.id)).toMatchObject({ status: 'closed', closedAt: 2000, updatedAt: 2000, isReady: false });
  expect(tasks.reopen(task.id)).toMatchObject({ status: 'open', closedAt: null });
  expect(tasks.get(task.id.slice(3)).id).toBe(task.id);
  expect(tasks.get(task.id.toUpperCase()).id).toBe(task.id);
});

test('a title is needed', () => {
  const { tasks } = open(temporaryFolder());
  expect(() => tasks.add({ title: '  ' })).toThrow(coded('usage.invalid'));
});

test('an id may be shortened as long as it means one task', () => {
  const directory = temporaryFolder();
  const line = (id: string) => `${JSON.stringify({ id, title: id, createdAt: 1, updatedAt: 1 })}\n`;
  writeFileSync(join(directory, 'tasks.jsonl'), line('fg-ab12') + line('fg-ab34') + line('fg-cd56'));
  const { tasks } = open(directory);
  expect(tasks.get('c').id).toBe('fg-cd56');
  expect(tasks.get('34').id).toBe('fg-ab34');
  expect(() => tasks.get('ab')).toThrow('ab can mean fg-ab12, fg-ab34');
  expect(() => tasks.get('zz')).toThrow(coded('task.missing'));
  expect(() => tasks.get('%')).toThrow(coded('task.missing'));
});

test('dependencies block, are ordered by urgency, and a circle is refused with its names', () => {
  const { tasks } = open(temporaryFolder());
  const a = tasks.add({ title: 'a' }).id;
  const b = tasks.add({ title: 'b', dependsOn: [a], priority: 0 }).id;
  const c = tasks.add({ title: 'c', dependsOn: [b.slice(3)], priority: 0 }).id;
  expect(tasks.get(c)).toMatchObject({ dependsOn: [b], blockedBy: [b], isReady: false });
  expect(tasks.ready().map((task) => task.id)).toEqual([a]);
  expect(() => tasks.addDependency(a, c)).toThrow(`${a} → ${c} → ${b} → ${a}`);
  expect(() => tasks.edit(a, { dependsOn: [c] })).toThrow(coded('task.cycle'));
  expect(() => tasks.addDependency(a, a)).toThrow(coded('task.cycle'));
  expect(() => tasks.add({ title: 'd', dependsOn: ['fg-none'] })).toThrow(coded('task.missing'));
  tasks.edit(b, { parent: a });
  expect(() => tasks.edit(a, { parent: b })).toThrow(coded('task.cycle'));
  tasks.close(a);
  expect(tasks.ready().map((task) => task.id)).toEqual([b]);
  tasks.removeDependency(c, b);
  expect(tasks.ready().map((task) => task.id)).toEqual([b, c]);
});

test('a run claims its task and its worker, and gives them back at its end', () => {
  let now = 5;
  const { tasks, runs } = open(temporaryFolder(), { clock: () => now });
  const task = tasks.add({ title: 'a' }).id;
  const other = tasks.add({ title: 'b' }).id;
  const run = runs.create({ task: task.slice(3), worker: 'w1', agent: 'claude' }, ({ run, session }) => {
    expect(run).toBe(`${task}-1`);
    expect(session).toMatch(new RegExp(`^${run}\\.[a-z2-9]{4}$`));
    return { ...step('queued'), row: { branch: 'b' } };
  });
  expect(run).toMatchObject({ id: `${task}-1`, task, status: 'queued', branch: 'b', createdAt: 5, endedAt: null });
  expect(() => runs.create({ task, worker: 'w2', agent: 'x' }, () => step('queued'))).toThrow(coded('task.running'));
  const waiting = runs.create({ task: other, worker: 'w1', agent: 'x' }, () => step('queued'));
  runs.setWaits(new Map([[waiting.id, 'Waits for w1.']]));
  expect(runs.get(waiting.id)).toMatchObject({ status: 'queued', reason: 'Waits for w1.' });
  now = 6;
  runs.append(run.id, { ...step('working', 'started'), row: { startedAt: 6, worktree: '/w', reason: 'r' } });
  expect(() => runs.append(waiting.id, step('preparing', 'run.started'))).toThrow(coded('worker.busy'));
  runs.setWaits(new Map([[run.id, 'It does not wait.']]));
  runs.append(waiting.id, step('cancelled'));
  runs.setDiffStat(run.id, { filesChanged: 1, linesAdded: 2, linesRemoved: 3 });
  now = 7;
  const ended = runs.append(run.id, step('done', 'finished'));
  expect(ended).toMatchObject({ status: 'done', endedAt: 7, startedAt: 6, worktree: '/w', linesAdded: 2 });
  expect(runs.get(run.id)).toEqual(ended);
  expect(() => runs.append(run.id, step('failed'))).toThrow(coded('run.ended'));
  expect(runs.events(run.id)).toMatchObject([
    {
      sequence: 1,
      run: run.id,
      type: 'run.created',
      payload: { type: 'run.created', note: 'n' },
      status: 'queued',
      at: 5,
    },
    { sequence: 2, run: run.id, type: 'started', payload: { type: 'started', note: 'n' }, status: 'working', at: 6 },
    { sequence: 3, run: run.id, type: 'finished', payload: { type: 'finished', note: 'n' }, status: 'done', at: 7 },
  ]);
  expect(runs.snapshot(run.id)).toEqual({ machineVersion: 1, snapshot: { value: 'done' } });
  expect(runs.live()).toEqual([]);
  expect(runs.create({ task, worker: 'w1', agent: 'x' }, () => step('queued')).id).toBe(`${task}-2`);
  expect(runs.list().map(({ id }) => id)).toEqual(expect.arrayContaining([`${task}-1`, `${other}-1`, `${task}-2`]));
  expect(() => runs.get('nope')).toThrow(coded('run.missing'));
});

test('a closed task gets no run, and a transition that throws leaves none', () => {
  const { tasks, runs } = open(temporaryFolder());
  const a = tasks.add({ title: 'a' }).id;
  const create = (task: string) => runs.create({ task, worker: 'w', agent: 'x' }, () => step('queued'));
  const failing = () => {
    throw new Error('no');
  };
  expect(() => runs.create({ task: a, worker: 'w', agent: 'x' }, failing)).toThrow('no');
  expect(runs.list()).toEqual([]);
  tasks.close(a);
  expect(() => create(a)).toThrow(coded('task.closed'));
});

test("a run's history cannot be rewritten", () => {
  const directory = temporaryFolder();
  const { tasks, runs } = open(directory);
  runs.create({ task: tasks.add({ title: 'a' }).id, worker: 'w', agent: 'x' }, () => step('queued'));
  const sqlite = new Sqlite(join(directory, 'forge.db'));
  onTestFinished(() => void sqlite.close());
  expect(() => sqlite.exec("UPDATE run_events SET type = 'x'")).toThrow('append-only');
  expect(() => sqlite.exec('DELETE FROM run_events')).toThrow('append-only');
});

test('the revision grows with own and foreign changes, and stands still without', () => {
  const directory = temporaryFolder();
  const one = open(directory);
  const two = open(directory);
  const start = one.revision();
  expect(one.revision()).toBe(start);
  one.tasks.add({ title: 'a' });
  const own = one.revision();
  expect(own).toBeGreaterThan(start);
  two.tasks.add({ title: 'b' });
  const foreign = one.revision();
  expect(foreign).toBeGreaterThan(own);
  one.sync();
  one.tasks.list();
  expect(one.revision()).toBe(foreign);
});

test('the database is private, and no link is followed', () => {
  const directory = temporaryFolder();
  open(directory).tasks.add({ title: 'a' });
  for (const name of ['forge.db', 'forge.db-wal', 'forge.db-shm']) {
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  }
  const linked = temporaryFolder();
  symlinkSync(join(directory, 'elsewhere'), join(linked, 'forge.db'));
  expect(() => open(linked)).toThrow(coded('store.broken'));
  expect(existsSync(join(directory, 'elsewhere'))).toBe(false);
});

test('a database of version 1 is brought forward with its tasks', () => {
  const directory = temporaryFolder();
  const sqlite = new Sqlite(join(directory, 'forge.db'));
  sqlite.exec(migrations[0]);
  sqlite.exec(`INSERT INTO tasks VALUES ('fg-old1', 'old', '', 'open', 2, '[]', NULL, 1, 1, NULL, '{"x":1}')`);
  sqlite.pragma('user_version = 1');
  sqlite.close();
  const store = open(directory);
  expect(store.tasks.get('fg-old1')).toMatchObject({ title: 'old', x: 1 });
  expect(store.runs.create({ task: 'fg-old1', worker: 'w', agent: 'x' }, () => step('queued')).id).toBe('fg-old1-1');
});

test('a newer database is read, and says so; nothing is written into it', () => {
  const directory = temporaryFolder();
  const file = join(directory, 'forge.db');
  const first = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  first.tasks.add({ title: 'a' });
  first.dispose();
  const sqlite = new Sqlite(file);
  sqlite.exec("ALTER TABLE tasks ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'");
  sqlite.pragma('user_version = 999');
  sqlite.close();
  const before = [readFileSync(file), readFileSync(join(directory, 'tasks.jsonl'))];
  const store = open(directory);
  expect(store.tasks.list()).toMatchObject([{ title: 'a' }]);
  expect(store.sync().problems).toEqual([expect.stringContaining('written by a newer Forge (format 999')]);
  expect(() => store.tasks.add({ title: 'b' })).toThrow(coded('store.newer'));
  expect([readFileSync(file), readFileSync(join(directory, 'tasks.jsonl'))]).toEqual(before);
});

test('a file that is no database, or a damaged one, is named and left as it was', () => {
  const directory = temporaryFolder();
  const file = join(directory, 'forge.db');
  writeFileSync(file, 'not a database '.repeat(1000), { mode: 0o600 });
  expect(() => open(directory)).toThrow(coded('store.broken'));
  expect(readFileSync(file, 'utf8')).toBe('not a database '.repeat(1000));
  rmSync(file);
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  for (let n = 0; n < 50; n++) store.tasks.add({ title: `t${n}`, body: 'x'.repeat(2000) });
  store.dispose();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 4096, 4096 * 6);
  writeFileSync(file, bytes);
  expect(() => open(directory)).toThrow(coded('store.broken'));
  expect(readFileSync(file)).toEqual(bytes);
});

test('a database that was lost or emptied comes back from tasks.jsonl', () => {
  const directory = temporaryFolder();
  const first = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: true });
  const a = first.tasks.add({ title: 'a' });
  const b = first.tasks.add({ title: 'b', dependsOn: [a.id] });
  const before = first.export();
  first.dispose();
  const lines = readFileSync(join(directory, 'tasks.jsonl'), 'utf8');
  for (const name of ['forge.db', 'forge.db-wal', 'forge.db-shm']) rmSync(join(directory, name), { force: true });
  writeFileSync(join(directory, 'forge.db'), '');
  const again = open(directory);
  expect(again.export()).toEqual(before);
  expect(again.tasks.get(b.id).blockedBy).toEqual([a.id]);
  expect(readFileSync(join(directory, 'tasks.jsonl'), 'utf8')).toBe(lines);
});

test('without the mirror there is no tasks.jsonl', () => {
  const directory = temporaryFolder();
  const store = open(directory, { jsonl: false });
  store.tasks.add({ title: 'a' });
  expect(store.sync()).toEqual({ problems: [] });
  expect(existsSync(join(directory, 'tasks.jsonl'))).toBe(false);
});

test('several processes write at once, from the first moment on, and nothing is lost', async () => {
  const directory = temporaryFolder();
  const script = join(import.meta.dirname, '../support/store-writer.ts');
  const exits = ['a', 'b', 'c'].map(async (name) => {
    const child = spawn(process.execPath, [script, directory, name, '25'], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = await once(child, 'exit');
    return code;
  });
  expect(await Promise.all(exits)).toEqual([0, 0, 0]);
  const store = open(directory);
  expect(store.tasks.list()).toHaveLength(75);
  const lines = readFileSync(join(directory, 'tasks.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(store.export());
});

test('messages are queued for each session, change state only from where they are, and are found by session', () => {
  const { messages } = open(temporaryFolder());
  const [one, two] = messages.add(['s1', 's2'], 'hello 漢字', 'ada', 5);
  expect(one).toEqual({
    ...{ id: 1, session: 's1', text: 'hello 漢字', state: 'queued', note: '', actor: 'ada', createdAt: 5 },
    ...{ typedAt: null, acceptedAt: null, answeredAt: null },
  });
  expect(messages.change(1, ['queued'], { state: 'typing', typedAt: 6 })).toBe(true);
  expect(messages.change(1, ['queued'], { state: 'cancelled' })).toBe(false);
  expect(messages.change(1, ['typing'], { state: 'failed', note: 'why' })).toBe(true);
  expect(messages.get(1)).toEqual({ ...one, state: 'failed', note: 'why', typedAt: 6 });
  expect(messages.unfinished()).toEqual([two]);
  expect(messages.list('s1').map(({ id }) => id)).toEqual([1]);
  const [three] = messages.add(['s1'], 'more', 'ada', 7);
  expect(messages.list(null).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(messages.newest()).toEqual([two, three]);
  expect(() => messages.get(9)).toThrow(coded('message.missing'));
});

test('messages go along to the session that follows: what waits, and what was not answered, to be said again or not', () => {
  const { messages } = open(temporaryFolder());
  const [waits] = messages.add(['a'], 'waits', 'ada', 1);
  const [accepted] = messages.add(['a'], 'accepted', 'ada', 1);
  const [answered] = messages.add(['a'], 'answered', 'ada', 1);
  messages.change(accepted!.id, ['queued'], { state: 'accepted', acceptedAt: 2 });
  messages.change(answered!.id, ['queued'], { state: 'answered', answeredAt: 2 });
  const sessions = () => messages.list(null).map(({ session, state }) => `${session} ${state}`);
  messages.move('a', 'b', false);
  expect(sessions()).toEqual(['b queued', 'b accepted', 'a answered']);
  messages.move('b', 'c', true);
  expect(sessions()).toEqual(['c queued', 'c queued', 'a answered']);
  expect(messages.get(accepted!.id)).toMatchObject({ acceptedAt: null, typedAt: null });
  expect(messages.get(waits!.id).text).toBe('waits');
});
