import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { type BatchChanged, isTasks, stepWords, type TaskChanged } from '../../../domain/task-step.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { refuseRunning } from '../task/refuse-running.ts';

/** A step and what it did, in words. */
export interface StepView {
  at: number;
  words: string;
  /** Ids. */
  tasks: string[];
}

const nothing = 'You have done nothing to the tasks of this project that could be taken back.';

export const undo = storeOperation({
  name: 'undo',
  summary: 'Take back what you did to tasks last',
  input: z.object({ isDryRun: z.boolean().default(false) }),
  run: async (context, { isDryRun }): Promise<StepView> => {
    const step = context.store.steps.newest();
    if (step === null) throw new ForgeError('undo.nothing', nothing);
    const { at, changes } = step;
    const tasks = isTasks(changes) ? changes.map(({ task }) => task) : changes.members.map(({ task }) => task);
    if (isDryRun) return { at, words: stepWords(step), tasks };
    if (isTasks(changes)) takeTasksBack(context, step.id, changes);
    else await takeMembersBack(context, step.id, changes);
    return { at, words: stepWords(step), tasks };
  },
});

function takeTasksBack({ store }: OperationContext, step: number, changes: readonly TaskChanged[]): void {
  store.tasks.together(() => {
    if (!store.steps.remove(step)) throw new ForgeError('undo.nothing', nothing);
    for (const { task, before } of changes)
      if (before === null || before.status === 'closed') refuseRunning(store, task);
    store.tasks.takeBack(changes);
  });
}

async function takeMembersBack(
  { store, batches }: OperationContext,
  step: number,
  changed: BatchChanged,
): Promise<void> {
  const { batch, members, isIn } = changed;
  const other = members.find((member) => batches.of(member) !== (isIn ? batch : null));
  if (other) {
    const now = batches.of(other);
    throw new ForgeError(
      'undo.changed',
      `${other.task} is in ${now === null ? 'no batch' : `the batch ${now}`} by now.`,
      {
        next: 'See the batches: forge batch list',
      },
    );
  }
  if (isIn) await batches.remove(batch, members);
  else await batches.add(batch, members);
  store.steps.remove(step);
}
