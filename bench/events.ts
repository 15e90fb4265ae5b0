import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { compareRun } from '../src/app/history/compare-run.ts';
import { rowAfter } from '../src/app/supervisor/row-after.ts';
import type { RunMachineEvent } from '../src/machines/run-events.ts';
import { beginRun, stepRun } from '../src/machines/run-step.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { type Figure, inTurn } from './figure.ts';
import { isQuick } from './options.ts';

const eventsInRun = isQuick ? 1_000 : 10_000;
const replays = 5;

/** What the history of one very long run costs: each event as it is stored, and all of them replayed. */
export async function measure(): Promise<Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'forge-bench-'));
  const store = openStore({ directory: join(root, '.forge'), prefix: 'fg', clock: Date.now, jsonl: false });
  const bare = bareTable(join(root, 'bare.db'));
  try {
    const run = begin(store);
    let n = 0;
    const appended = await inTurn(
      eventsInRun,
      () => timed(() => append(store, run, n++)),
      () => timed(() => bare.insert()),
    );
    const { runs } = store;
    const events = runs.events(run);
    const replayed = await inTurn(
      replays,
      () => timed(() => replay(store, run)),
      () => timed(() => bare.read()),
    );
    const size = JSON.stringify(events.at(-1)?.payload).length;
    return [
      {
        name: `an event of a run of ${eventsInRun}`,
        peer: 'one bare INSERT in a transaction, same pragmas, same size, same disk',
        beside: `the machine's step, who and why, the row and the snapshot are in it; a payload has ${size} bytes`,
        ...appended,
      },
      {
        name: `${events.length} events read and replayed`,
        peer: 'SELECT of as many bare rows, JSON parsed',
        beside: 'compared with the stored row and snapshot',
        ...replayed,
      },
    ];
  } finally {
    bare.close();
    store.dispose();
    rmSync(root, { recursive: true, force: true });
  }
}

/** What a chat does again and again: it waits for somebody, and answers. */
const cycle: readonly RunMachineEvent[] = [
  { type: 'agent.waiting', reason: 'May it run the tests?' },
  { type: 'agent.answered' },
];

function begin(store: Store): string {
  const step = beginRun({ endsByItself: false });
  const given = { task: store.tasks.add({ title: 'A long one' }).id, worker: 'w', agent: 'claude' };
  const { id } = store.runs.create(given, ({ session }) => ({
    event: { type: 'run.queued', by: 'ada', ...given, firstSession: session, endsByItself: false },
    ...{ status: step.status, snapshot: step.snapshot, row: {} },
  }));
  const begun: RunMachineEvent[] = [
    { type: 'run.started' },
    { type: 'worktree.prepared', path: '/w', branch: 'b', base: 'c' },
    { type: 'session.started', pid: 7 },
  ];
  for (const event of begun) storeEvent(store, id, event);
  return id;
}

const append = (store: Store, run: string, n: number) =>
  storeEvent(store, run, cycle[n % cycle.length] as RunMachineEvent, { saidAt: Date.now() });

/** As the supervisor stores it. */
function storeEvent({ runs }: Store, run: string, event: RunMachineEvent, note: Record<string, unknown> = {}): void {
  const after = stepRun(runs.snapshot(run), event);
  if (!after) throw new Error(`${event.type} means nothing now`);
  const at = Date.now();
  const { status, snapshot } = after;
  runs.append(run, { event: { ...event, ...note }, at, status, snapshot, row: rowAfter(event, after, at) });
}

function replay({ runs }: Store, run: string): void {
  const { differences } = compareRun(runs.get(run), runs.snapshot(run), runs.events(run));
  if (differences.length > 0) throw new Error(differences.join('\n'));
}

function bareTable(file: string) {
  const sqlite = new Sqlite(file);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.exec('CREATE TABLE events (run TEXT, sequence INTEGER, payload TEXT, PRIMARY KEY (run, sequence)) STRICT');
  const statement = sqlite.prepare('INSERT INTO events VALUES (?, ?, ?)');
  const payload = JSON.stringify({ ...cycle[0], saidAt: Date.now() });
  let n = 0;
  return {
    insert: () => sqlite.transaction(() => statement.run('fg-a3f8-1', n++, payload)).immediate(),
    read: () =>
      (sqlite.prepare('SELECT payload FROM events').pluck().all() as string[]).map((text) => JSON.parse(text)),
    close: () => sqlite.close(),
  };
}

function timed(act: () => unknown): number {
  const startedAt = performance.now();
  act();
  return performance.now() - startedAt;
}
