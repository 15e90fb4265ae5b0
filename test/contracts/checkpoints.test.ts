import { expect, test } from 'vitest';
import { Checkpoints } from '../../src/app/supervisor/checkpoints.ts';
import { beginRun } from '../../src/machines/run-step.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Options = ConstructorParameters<typeof Checkpoints>[0];

test('what was noted by one whose git was killed is held by its ref the next time, though nothing has changed', async () => {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: () => 1, jsonl: false });
  const task = store.tasks.add({ title: 'Bake bread' });
  const { status, snapshot } = beginRun({ endsByItself: true });
  const row = { worktree: '/w', branch: 'b', base: 'c0' };
  const first = { event: { type: 'run.queued' }, status, snapshot, row };
  const { id } = store.runs.create({ task: task.id, worker: 'ada', agent: 'script' }, () => first);
  const run = { ...store.runs.get(id), ...row };
  const refs = new Map<string, string>();
  let isKilled = true;
  const snapshots = {
    take: async () => ({ commit: 'c1', content: 'same', head: 'c0', leftOut: [] }),
    countChanges: async () => 1,
    async makeRef(ref: string, commit: string) {
      if (isKilled) throw new Error('git was ended by SIGKILL');
      refs.set(ref, commit);
      return true;
    },
  };
  const context = { store, git: { snapshots } } as unknown as Options['context'];
  const checkpoints = new Checkpoints({ context, statusOf: () => null, log: () => {}, onChange: () => {} });
  await expect(checkpoints.keep(run, 'the end of the run')).rejects.toThrow('SIGKILL');
  isKilled = false;
  await checkpoints.keep(run, 'the end of the run');
  expect([...refs]).toEqual([[`refs/forge/kept/${id}/1`, 'c1']]);
  expect(store.checkpoints.inState('noted')).toEqual([]);
});
