import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SharedTurns } from '../../src/app/supervisor/shared-turns.ts';
import { StartQueue } from '../../src/app/supervisor/start-queue.ts';
import type { Settings } from '../../src/domain/settings.ts';
import type { Worker } from '../../src/domain/worker.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

// When queued runs start, by what is stored: not all in one instant, and over several projects.

interface Wish {
  turns?: SharedTurns;
  startGapMs?: number;
  allProjects?: number | null;
  workers?: number;
  isFit?: boolean;
}

/** A project with six queued runs. */
function open({ turns = new SharedTurns(), startGapMs = 0, allProjects = null, workers = 6, isFit = true }: Wish = {}) {
  const folder = join(temporaryFolder(), '.forge');
  const store = openStore({ directory: folder, prefix: 'fg', clock: Date.now, jsonl: false });
  onTestFinished(() => store.dispose());
  const first = beginRun({ endsByItself: true });
  for (let index = 0; index < 6; index++) {
    const { id } = store.tasks.add({ title: `Task ${index}` });
    store.runs.create({ task: id, worker: '', agent: '' }, () => ({
      ...{ event: { type: 'run.queued' }, status: first.status, snapshot: first.snapshot, row: {} },
    }));
  }
  const starts: { run: string; worker: string; at: number }[] = [];
  const settings = {
    limits: { total: 6, perAgent: {}, startGapMs, goOn: true, allProjects },
    workers: Array.from({ length: workers }, (_, index) => ({ name: `w${index}`, agent: 'a', mode: 'coder' })),
  } as unknown as Settings;
  /** One that is gone after so many starts, as with a process that is killed. */
  const newQueue = (startsMax = Number.POSITIVE_INFINITY) => {
    const queue = new StartQueue({
      ...{ context: { store, settings }, clock: Date.now, budgets: { isSpent: () => false }, turns },
      isFit: async () => isFit,
      start: (run, worker) => {
        starts.push({ run, worker: worker.name, at: begin(store, run, worker) });
        if (starts.length >= startsMax) queue.dispose();
      },
      ...{ log() {}, onWaits() {} },
    });
    onTestFinished(() => queue.dispose());
    return queue;
  };
  const waits = () => new Set(store.runs.live().flatMap(({ status, reason }) => (status === 'queued' ? [reason] : [])));
  return { store, starts, newQueue, waits };
}

/** As the driver stores it. */
function begin(store: Store, run: string, { name: worker, agent }: Worker): number {
  const after = stepRun(store.runs.snapshot(run), { type: 'run.started' })!;
  const startedAt = Date.now();
  const { status, snapshot } = after;
  store.runs.append(run, { event: { type: 'run.started' }, status, snapshot, row: { startedAt, worker, agent } });
  return startedAt;
}

function end(store: Store, run: string): void {
  const { status, snapshot } = stepRun(store.runs.snapshot(run), { type: 'run.cancelled', by: 'ada' })!;
  store.runs.append(run, { event: { type: 'run.cancelled' }, status, snapshot, row: {} });
}

test('six at once start one after the other, the oldest first; a queue that begins anew keeps the gap', async () => {
  const { store, starts, newQueue, waits } = open({ startGapMs: 60 });
  const queued = store.runs.live().map(({ id }) => id);
  const queue = newQueue(3);
  await Promise.all([queue.look(), queue.look()]);
  expect(waits()).toEqual(new Set(['Waits a moment: another run has just begun.']));
  await until('three have started', () => starts.length === 3);
  await newQueue().look();
  await until('all have started', () => starts.length === 6);
  expect(starts.map(({ run }) => run)).toEqual(queued);
  for (const [index, { at }] of starts.slice(1).entries()) expect(at - starts[index].at).toBeGreaterThanOrEqual(60);
});

test('without a gap all start at once, each on a worker of its own', async () => {
  const { starts, newQueue } = open();
  await newQueue().look();
  expect(new Set(starts.map(({ worker }) => worker)).size).toBe(6);
});

test('with one worker the others wait for it, and its next one begins when it is free', async () => {
  const { store, starts, newQueue, waits } = open({ workers: 1 });
  const queue = newQueue();
  await queue.look();
  expect(waits()).toEqual(new Set([`Waits for w0, which is busy with run ${starts[0].run}.`]));
  end(store, starts[0].run);
  await queue.lookEverywhere();
  expect(starts).toHaveLength(2);
});

test('a limit over all projects is shared: the one with a long queue does not keep it from the other', async () => {
  const turns = new SharedTurns();
  const [long, late] = [open({ turns, allProjects: 2 }), open({ turns, allProjects: 2 })];
  const queue = long.newQueue();
  await queue.look();
  expect(long.starts).toHaveLength(2);
  expect(long.waits()).toEqual(new Set(['Waits: 2 runs are at work in all projects (limits.allProjects).']));
  await late.newQueue().look();
  expect(late.starts).toHaveLength(0);
  for (let count = 1; count <= 2; count++) {
    end(long.store, long.starts[count - 1].run);
    await queue.lookEverywhere();
    await until('another one began', () => long.starts.length + late.starts.length === 2 + count);
  }
  expect([long.starts.length, late.starts.length]).toEqual([3, 1]);
});

test('a project whose programs are missing does not keep its turn', async () => {
  const turns = new SharedTurns();
  const [broken, whole] = [open({ turns, allProjects: 1, isFit: false }), open({ turns, allProjects: 1 })];
  broken.newQueue();
  await whole.newQueue().look();
  await until('the other one begins', () => whole.starts.length === 1);
  expect(broken.starts).toEqual([]);
});
