import { z } from 'zod';
import { nothingInSight, type RadarView, you } from '../../../domain/overlap.ts';
import type { Run } from '../../../domain/run.ts';
import type { Worktree } from '../../../ports/git.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { Radar } from '../../radar.ts';
import { worktreeOf } from './read.ts';

export const runRadar = storeOperation({
  name: 'run.radar',
  summary: 'Show where live runs touch the same files, and an order of merging',
  input: z.object({}),
  run: async (context): Promise<RadarView> => {
    const radar = new Radar(context.git);
    try {
      const works = liveWorks(context).flatMap((run): [string, Worktree][] => {
        const worktree = worktreeOf(run);
        return worktree ? [[run.id, worktree]] : [];
      });
      for (const [name, worktree] of [...works, [you, mainCheckout(context)] as const]) {
        // One whose folder is gone touches nothing.
        const stat = await context.git.diffStat(worktree).catch(() => null);
        if (stat)
          radar.measured(
            name,
            worktree,
            stat.files.map(({ path }) => path),
          );
      }
      const goal = await goalOf(context);
      let seen = { view: nothingInSight, isWhole: false };
      while (!seen.isWhole) seen = await radar.look(goal);
      return seen.view;
    } finally {
      radar.dispose();
    }
  },
});

/** Runs whose work is still to come to the branch, those that are complete first. */
export function liveWorks({ store }: Pick<OperationContext, 'store'>): Run[] {
  const isComplete = ({ status }: Run) => Number(['awaiting', 'delivering', 'reviewing'].includes(status));
  const live = store.runs.live().filter(({ worktree }) => worktree !== null);
  return live.sort((a, b) => isComplete(b) - isComplete(a) || a.createdAt - b.createdAt);
}

/** With what a person has not committed there. */
export function mainCheckout({ project }: Pick<OperationContext, 'project'>): Worktree {
  return { path: project.root, branch: '', base: 'HEAD' };
}

/** The branch that all is for; null: that of the main checkout, which is on none. */
export async function goalOf({ settings, git }: Pick<OperationContext, 'settings' | 'git'>): Promise<string | null> {
  const { deliverTo, worktrees } = settings;
  const named = worktrees.base === 'head' || worktrees.base === 'remote' ? null : worktrees.base;
  return deliverTo.branch ?? named ?? (await git.currentBranch());
}
