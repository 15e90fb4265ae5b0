import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { idPattern } from '../../../base/ids.ts';
import { supervisorOperation } from '../../define-operation.ts';

/** Setup commands may take minutes; whoever asked is answered by then, in ms. */
const answerMs = 20_000;

export const worktreeMake = supervisorOperation({
  name: 'worktree.make',
  summary: 'Make a worktree that no run has, or find it again. Null: its setup takes long, and goes on',
  input: z.object({ name: z.string().regex(idPattern) }),
  run: ({ worktrees }, { name }) => Promise.race([worktrees.make(name), pause(answerMs, null, { ref: false })]),
});
