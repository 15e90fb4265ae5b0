import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';

/** Teardown commands may take minutes; whoever asked is answered by then, in ms. */
const answerMs = 20_000;

const names = z.array(z.string());

export const worktreePlan = supervisorOperation({
  name: 'worktree.plan',
  summary: 'What pruning would do with each worktree of an ended run, or with those that are named',
  input: z.object({ names: names.default([]) }),
  run: ({ worktrees }, input) => worktrees.plan(input.names),
});

export const worktreeRemove = supervisorOperation({
  name: 'worktree.remove',
  summary: 'Remove a worktree; what is not merged is kept before. Null: it takes long, and goes on',
  input: z.object({ path: z.string() }),
  run: ({ worktrees }, { path }) => Promise.race([worktrees.remove(path), pause(answerMs, null, { ref: false })]),
});
