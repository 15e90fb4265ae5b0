import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';

const names = z.array(z.string());

export const worktreePlan = supervisorOperation({
  name: 'worktree.plan',
  summary: 'What pruning would do with each worktree of an ended run, or with those that are named',
  input: z.object({ names: names.default([]) }),
  run: ({ worktrees }, input) => worktrees.plan(input.names),
});

export const worktreeRemove = supervisorOperation({
  name: 'worktree.remove',
  summary: 'Remove a worktree; what is in no commit of a merged branch is kept before',
  input: z.object({ path: z.string() }),
  run: ({ worktrees }, { path }) => worktrees.remove(path),
});
