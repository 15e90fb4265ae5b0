import { expect, onTestFinished, test } from 'vitest';
import { findRun } from '../../src/app/operations/run/read.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A store with two tasks, of which the first has a run. */
function world() {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: Date.now, jsonl: false });
  onTestFinished(() => store.dispose());
  const [task, idle] = ['Sell apples', 'Sell pears'].map((title) => store.tasks.add({ title }).id) as [string, string];
  const snapshot = { machineVersion: 1, snapshot: null };
  const first = () => ({ event: { type: 'run.queued' }, status: 'queued' as const, snapshot, row: {} });
  const run = store.runs.create({ task, worker: '', agent: '' }, first);
  return { idle, run, find: (name: string) => findRun({ store }, name).id };
}

test('a run is found by its id, by that of its task, and by a part of either', () => {
  const { run, find } = world();
  const short = run.id.slice('fg-'.length);
  for (const name of [run.id, run.task, short, run.task.slice('fg-'.length)]) expect(find(name)).toBe(run.id);
});

test('what means no run is told, by the id of a task as well', () => {
  const { idle, find } = world();
  expect(() => find(idle)).toThrow(`There is no run ${idle}, and no task of that id has one.`);
  expect(() => find('fg')).toThrow('There is no run fg,');
  expect(() => find('fg-none-1')).toThrow('There is no run fg-none-1.');
});
