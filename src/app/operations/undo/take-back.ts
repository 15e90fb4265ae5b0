import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { type BatchChanged, isTasks, opposite, stepWords, type TaskChanged } from '../../../domain/task-step.ts';
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

/** One way through the steps. `isBack`: against it. */
interface Way {
  isBack: boolean;
  nothing: string;
}

export const undo = stepOperation('undo', 'Take back what you did to tasks last', {
  isBack: true,
  nothing: 'You have done nothing to the tasks of this project that could be taken back.',
});

export const redo = stepOperation('redo', 'Do again what you took back last', {
  isBack: false,
  nothing: 'You have taken back nothing in this project since you changed a task last.',
});

function stepOperation<Name extends string>(name: Name, summary: string, way: Way) {
  return storeOperation({
    name,
    summary,
    input: z.object({ isDryRun: z.boolean().default(false) }),
    run: async (context, { isDryRun }): Promise<StepView> => {
      const step = context.store.steps.newest(!way.isBack);
      if (step === null) throw new ForgeError('undo.nothing', way.nothing);
      const { id, at, changes } = step;
      const tasks = isTasks(changes) ? changes.map(({ task }) => task) : changes.members.map(({ task }) => task);
      if (isDryRun) return { at, words: stepWords(step), tasks };
      const undone = way.isBack ? changes : opposite(changes);
      if (isTasks(undone)) takeTasksBack(context, id, undone, way);
      else await takeMembersBack(context, id, undone, way);
      return { at, words: stepWords(step), tasks };
    },
  });
}

function takeTasksBack(
  { store }: OperationContext,
  step: number,
  changes: readonly TaskChanged[],
  { isBack, nothing }: Way,
): void {
  store.tasks.together(() => {
    if (!store.steps.mark(step, isBack)) throw new ForgeError('undo.nothing', nothing);
    for (const { task, before } of changes)
      if (before === null || before.status === 'closed') refuseRunning(store, task);
    store.tasks.takeBack(changes);
  });
}

async function takeMembersBack(
  { store, batches }: OperationContext,
  step: number,
  changed: BatchChanged,
  { isBack }: Way,
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
  store.steps.mark(step, isBack);
}
