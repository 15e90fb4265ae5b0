import { z } from 'zod';
import { readRef, refOf } from '../../../domain/checkpoint.ts';
import { storeOperation } from '../../define-operation.ts';
import { findRun } from '../run/read.ts';

export const checkpointList = storeOperation({
  name: 'checkpoint.list',
  summary: 'List the checkpoints of a run, oldest first',
  input: z.object({ run: z.string() }),
  run: (context, input) => {
    const { id } = findRun(context, input.run);
    return { run: id, checkpoints: context.store.checkpoints.list(id, 'checkpoints') };
  },
});

export const keptList = storeOperation({
  name: 'kept.list',
  summary: 'List kept work, newest first',
  input: z.object({}),
  run: async ({ store, git }) => {
    const rows = new Map(store.checkpoints.list(null, 'kept').map((kept) => [refOf(kept), kept]));
    const refs = await git.snapshots.refs('kept');
    const kept = [...refs].map(([ref, commit]) => {
      const row = rows.get(ref);
      const run = row?.run ?? readRef(ref)?.run ?? null;
      return { ref, commit, run, why: row?.why ?? '', at: row?.at ?? null, leftOut: row?.leftOut ?? [] };
    });
    return kept.sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  },
});
