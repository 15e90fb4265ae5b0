import { z } from 'zod';
import type { ReviewComment } from '../../../domain/review/review-comment.ts';
import type { Run } from '../../../domain/run.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { findRun, worktreeOf } from '../run/read.ts';

export const reviewShow = storeOperation({
  name: 'review.show',
  summary: 'What a run changed, with the comments on it',
  input: z.object({ run: z.string() }),
  run: async (context, input) => {
    const run = findRun(context, input.run);
    return { run, diff: await diffOf(context, run), comments: commentsOn(context, run) };
  },
});

/** Those on this run and on the others of its task: they work in one worktree. */
export function commentsOn({ store }: Pick<OperationContext, 'store'>, { task }: Run): ReviewComment[] {
  const runs = store.runs.list().filter((run) => run.task === task);
  return store.reviews.list(runs.map(({ id }) => id));
}

export async function diffOf({ git }: Pick<OperationContext, 'git'>, run: Run): Promise<string> {
  const worktree = worktreeOf(run);
  return worktree ? await git.diff(worktree) : '';
}
