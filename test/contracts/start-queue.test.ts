import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StartQueue } from '../../src/app/supervisor/start-queue.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { beginRun, stepRun } from '../../src/machines/run-step.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

// When queued runs start: not all in one instant, and by what is stored.

function open(startGapMs: number) {
  const folder = join(temporaryFolder(), '.forge');
  const store = openStore({ directory: folder, prefix: 'fg', clock: Date.now, jsonl: false });
  onTestFinished(() => store.dispose());
  const first = beginRun({ endsByItself: true });
  for (let index = 0; index < 6; index++) {
    const { id } = store.tasks.add({ title: `Task ${index}` });
    store.runs.create({ task: id, worker: `w${index}`, agent: 'a' }, () => ({
      ...{ event: { type: 'run.queued' }, status: first.status, snapshot: first.snapshot, row: {} },
    }));
  }
  const starts: { run: string; at: number }[] = [];
  const newQueue = () => {
    const queue = new StartQueue({
      context: {
        store,
        settings: { limits: { total: 6, perAgent: {}, startGapMs, goOn: true } } as unknown as Settings,
      },
      clock: Date.now,
      budgets: { isSpent: () => false },
      start: (run) => {
        starts.push({ run, at: begin(store, run) });
      },
    });
    onTestFinished(() => queue.dispose());
    return queue;
  };
  return { store, starts, newQueue };
}

/** As the driver stores it. */
function begin(store: Store, run: string): number {
  const after = stepRun(store.runs.snapshot(run), { type: 'run.started' })!;
  const startedAt = Date.now();
  const { status, snapshot } = after;
  store.runs.append(run, { event: { type: 'run.started' }, status, snapshot, row: { startedAt } });
  return startedAt;
}

test('six at once start one after the other, the oldest first; a queue that begins anew keeps the gap', async () => {
  const { store, starts, newQueue } = open(60);
  const queued = store.runs.live().map(({ id }) => id);
  const queue = newQueue();
  queue.look();
  queue.look();
  await until('three have started', () => starts.length === 3);
  queue.dispose();
  const next = newQueue();
  next.look();
  await until('all have started', () => starts.length === 6);
  expect(starts.map(({ run }) => run)).toEqual(queued);
  for (const [index, { at }] of starts.slice(1).entries()) expect(at - starts[index].at).toBeGreaterThanOrEqual(60);
});

test('without a gap all start at once', () => {
  const { starts, newQueue } = open(0);
  newQueue().look();
  expect(starts).toHaveLength(6);
});
