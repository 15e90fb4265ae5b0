import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compareRun } from '../../src/app/history/compare-run.ts';
import { rowAfter } from '../../src/app/supervisor/row-after.ts';
import { inCommand } from '../../src/base/command-scope.ts';
import { isRunEnded } from '../../src/domain/run.ts';
import type { RunMachineEvent } from '../../src/machines/run-events.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import type { Store } from '../../src/ports/store.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { seededRandom } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open(directory = temporaryFolder()): Store {
  let now = 1_760_000_000_000;
  const store = openStore({ directory, prefix: 'fg', clock: () => now++, jsonl: false });
  onTestFinished(() => store.dispose());
  return store;
}

function begin({ tasks, runs }: Store, endsByItself = false): string {
  const { snapshot, status } = beginRun({ endsByItself });
  const given = { task: tasks.add({ title: 'A' }).id, worker: 'w', agent: 'claude' };
  return runs.create(given, ({ session }) => ({
    ...{
      event: { type: 'run.queued', by: 'ada', ...given, firstSession: session, endsByItself },
      status,
      snapshot,
      row: {},
    },
  })).id;
}

/** As the supervisor does. False: it means nothing now. */
function apply({ runs }: Store, id: string, event: RunMachineEvent, at: number): boolean {
  const after = stepRun(runs.snapshot(id), event);
  if (!after) return false;
  const { status, snapshot } = after;
  runs.append(id, { event: { ...event }, at, status, snapshot, row: rowAfter(event, after, at) });
  return true;
}

const follows = (random: () => number) => ({
  hasGates: random() < 0.5,
  review: (['open', 'always', 'never'] as const)[Math.floor(random() * 3)] ?? 'open',
  delivery: (['none', 'commit', 'branch'] as const)[Math.floor(random() * 3)] ?? 'none',
});

/** Any event, also those that mean nothing where they come. */
function anyEvent(random: () => number, n: number): RunMachineEvent {
  const attempt = Math.floor(random() * 4);
  const session = random() < 0.5 ? null : `s${n}`;
  const all: RunMachineEvent[] = [
    { type: 'run.started' },
    { type: 'worktree.prepared', path: `/w${n}`, branch: `b${n}`, base: 'c' },
    { type: 'session.started', pid: n },
    { type: 'session.exited', exitCode: random() < 0.7 ? 0 : null, signal: null, follows: follows(random) },
    { type: 'session.lost' },
    { type: 'agent.waiting', reason: `waits ${n}` },
    { type: 'agent.answered', follows: follows(random) },
    { type: 'run.paused', reason: `pause ${n}`, by: 'ada' },
    { type: 'run.resumed', by: 'ada', session },
    { type: 'gates.passed', attempt, follows: follows(random) },
    {
      ...{ type: 'gates.failed', attempt, gate: `g${n % 3}`, reason: 'no', output: 'o', rounds: n % 3, session },
      onFailure: random() < 0.5 ? 'ask' : 'rewind',
    },
    { type: 'gates.broken', attempt, reason: 'broken' },
    { type: 'run.rewound', checkpoint: 1, kept: 'k', reason: 'back' },
    { type: 'delivery.done', reason: 'out', awaits: random() < 0.5, commit: 'c' },
    { type: 'delivery.conflicted', files: ['a'], against: 'main' },
    { type: 'delivery.failed', reason: 'no way' },
    { type: 'merge.missed', reason: 'gone' },
    ...(random() < 0.1 ? [{ type: 'run.approved', by: 'ada', follows: follows(random) } as const] : []),
    ...(random() < 0.1 ? [{ type: 'run.cancelled', by: 'ada' } as const] : []),
  ];
  return all[Math.floor(random() * all.length)] as RunMachineEvent;
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'whatever happens, replay gives what is stored (%s)',
  (seed) => {
    const random = seededRandom(seed);
    const store = open();
    const id = begin(store, random() < 0.5);
    for (let n = 1; n < 150 && !isRunEnded(store.runs.get(id).status); n++) {
      apply(store, id, anyEvent(random, n), 1_760_000_100_000 + n);
      if (random() < 0.1) store.runs.setConversation(id, `conversation ${n}`);
      if (random() < 0.1) store.runs.note(id, { type: 'budget.warned', reason: 'much' });
    }
    const { runs } = store;
    expect(runs.events(id).length).toBeGreaterThan(1);
    expect(compareRun(runs.get(id), runs.snapshot(id), runs.events(id)).differences).toEqual([]);
  },
);

describe('who, why and by which command', () => {
  test('what one command led to carries its id, in the words of the state that it brought about', () => {
    const store = open();
    const id = inCommand('dispatched', () => begin(store));
    apply(store, id, { type: 'run.started' }, 1);
    apply(store, id, { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' }, 2);
    apply(store, id, { type: 'session.started', pid: 7 }, 3);
    inCommand('accepted', () => apply(store, id, { type: 'run.approved', by: 'ada' }, 4));
    expect(
      store.runs.events(id).map(({ type, actor, cause, correlation }) => [type, actor, cause, correlation]),
    ).toEqual([
      ['run.queued', 'person:ada', null, 'dispatched'],
      ['run.started', 'supervisor', 'event 1', 'dispatched'],
      ['worktree.prepared', 'supervisor', 'event 2', 'dispatched'],
      ['session.started', 'host', 'event 3', 'dispatched'],
      ['run.approved', 'person:ada', null, 'accepted'],
    ]);
  });

  test('an agent speaks because of the prompt that it was given', () => {
    const store = open();
    const id = inCommand('dispatched', () => begin(store));
    apply(store, id, { type: 'run.started' }, 1);
    apply(store, id, { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' }, 2);
    apply(store, id, { type: 'agent.answered' }, 3);
    const { session } = store.runs.get(id);
    const [prompt] = inCommand('prompted', () => store.messages.add([session], 'More', 'ada', 4));
    store.messages.change(prompt?.id ?? 0, ['queued'], { state: 'typed', typedAt: 5 });
    apply(store, id, { type: 'agent.answered' }, 6);
    const [first, second] = store.runs.events(id).slice(-2);
    expect(first).toMatchObject({ actor: 'agent', cause: 'event 3', correlation: 'dispatched' });
    expect(second).toMatchObject({ actor: 'agent', cause: `prompt ${prompt?.id}`, correlation: 'prompted' });
  });

  test('a gate has a name, and what a watch of Forge does is not a person’s', () => {
    const store = open();
    const id = begin(store);
    store.runs.note(id, { type: 'gates.noted', gate: 'tests' });
    store.runs.note(id, { type: 'run.paused', by: 'budget' });
    expect(store.runs.events(id).map(({ actor }) => actor)).toEqual(['person:ada', 'gate:tests', 'supervisor']);
  });
});

test.each(['UPDATE run_events SET at = 0', 'DELETE FROM run_events'])('the history refuses: %s', (statement) => {
  const directory = temporaryFolder();
  begin(open(directory));
  const sqlite = new Sqlite(join(directory, 'forge.db'));
  onTestFinished(() => void sqlite.close());
  expect(() => sqlite.exec(statement)).toThrow('append-only');
});

test('a history of before gets who and why, and refuses changes afterwards', () => {
  const directory = temporaryFolder();
  const file = join(directory, 'forge.db');
  const sqlite = new Sqlite(file);
  const before = migrations.findIndex((text) => text.includes('ADD COLUMN correlation'));
  for (const migration of migrations.slice(0, before)) sqlite.exec(migration);
  sqlite.pragma(`user_version = ${before}`);
  sqlite.exec(`INSERT INTO runs (id, task, number, worker, agent, status, reason, session, created_at, is_live)
    VALUES ('fg-a3f8-1', 'fg-a3f8', 1, 'w', 'a', 'done', '', 's', 1, 0)`);
  const insert = sqlite.prepare('INSERT INTO run_events VALUES (?, ?, ?, ?, ?, ?)');
  for (const [sequence, type, by, status] of [
    [1, 'run.queued', 'ada', 'queued'],
    [2, 'run.started', null, 'preparing'],
    [3, 'worktree.prepared', null, 'working'],
    [4, 'session.started', null, 'working'],
    [5, 'run.paused', 'budget', 'paused'],
  ] as const) {
    insert.run('fg-a3f8-1', sequence, type, JSON.stringify(by ? { type, by } : { type }), status, sequence);
  }
  sqlite.close();
  const store = open(directory);
  expect(store.runs.events('fg-a3f8-1').map(({ actor, cause, correlation }) => [actor, cause, correlation])).toEqual([
    ['person:ada', null, null],
    ['supervisor', 'event 1', null],
    ['supervisor', 'event 2', null],
    ['host', 'event 3', null],
    ['supervisor', 'event 3', null],
  ]);
  expect(store.runs.unsettled()).toEqual([]);
  const again = new Sqlite(file);
  onTestFinished(() => void again.close());
  expect(() => again.exec('UPDATE run_events SET at = 0')).toThrow('append-only');
});
