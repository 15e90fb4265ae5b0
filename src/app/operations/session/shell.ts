import { z } from 'zod';
import { supervisorOperation } from '../../define-operation.ts';
import { findRun } from '../run/read.ts';

export const sessionShell = supervisorOperation({
  name: 'session.shell',
  summary: 'Open a shell in the worktree of a run, or find the one that is there',
  /** Id of a run, or of its task. */
  input: z.object({ run: z.string() }),
  run: (context, { run }) => context.shells.open(findRun(context, run).id),
});
