import { z } from 'zod';
import { goOn } from '../../../domain/prompt.ts';
import { supervisorOperation } from '../../define-operation.ts';
import { withFigures } from '../../spending.ts';
import { findRun } from './read.ts';

const input = z.object({ run: z.string() });

export const runCancel = supervisorOperation({
  name: 'run.cancel',
  summary: 'End a run; its worktree and branch stay',
  input,
  run: (context, { run }) => withFigures(context, context.runs.cancel(run, context.actor)),
});

export const runSettle = supervisorOperation({
  name: 'run.settle',
  summary: 'Look whether the sessions of live runs are still there',
  input: z.object({}),
  run: ({ runs }) => runs.settle(),
});

export const runPause = supervisorOperation({
  name: 'run.pause',
  summary: 'Stop the agent of a run for now; its session stays',
  input,
  run: (context, { run }) =>
    withFigures(context, context.runs.pause(run, `Paused by ${context.actor}.`, context.actor)),
});

export const runResume = supervisorOperation({
  name: 'run.resume',
  summary: 'Let a paused run go on, in the conversation where it was',
  input,
  run: async (context, { run }) => {
    const { runs, messages, store, actor } = context;
    const { id, session } = findRun(context, run);
    const resumed = runs.resume(id, actor);
    const pause = store.runs.events(id).findLast(({ type }) => type === 'run.paused');
    // In a session of its own it is told by its first prompt.
    if (resumed.session === session && pause?.payload.wasAtWork === true) await messages.send([session], goOn, []);
    return withFigures(context, resumed);
  },
});

export const runApprove = supervisorOperation({
  name: 'run.approve',
  summary: 'Accept the work of a run: its gates run if they have not passed, then it is delivered',
  input,
  run: (context, { run }) => withFigures(context, context.runs.approve(run, context.actor)),
});
