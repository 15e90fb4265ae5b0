import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';

export const worktreeList = supervisorOperation({
  name: 'worktree.list',
  summary: 'List the worktrees that Forge made in the project, and how each stands',
  input: z.object({}),
  run: async ({ worktrees }) => ({ worktrees: await worktrees.list(), ahead: worktrees.ahead() }),
});
