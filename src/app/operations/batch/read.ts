import { z } from 'zod';
import type { Batch } from '../../../domain/batch.ts';
import type { BudgetStatus } from '../../../domain/budget.ts';
import type { Cost } from '../../../domain/cost.ts';
import type { Run } from '../../../domain/run.ts';
import type { Spending } from '../../../domain/spending.ts';
import { type TaskView, whyNotReady } from '../../../domain/task.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { readBudgets, readSpending } from '../../spending.ts';

/** Where a task of a batch stands. */
export type BatchTaskState = 'closed' | 'running' | 'ready' | 'blocked';

export interface BatchTask {
  id: string;
  title: string;
  state: BatchTaskState;
  /** What it waits for; of a running one how its run stands. */
  note: string;
  cost: Cost | null;
}

export interface BatchView {
  name: string;
  createdAt: number;
  tasks: BatchTask[];
  closed: number;
  /** Null: its agents have told no tokens. */
  cost: Cost | null;
  /** Null: there is no limit, or nothing was spent. */
  budget: BudgetStatus | null;
}

export const batchList = storeOperation({
  name: 'batch.list',
  summary: 'List the batches with how far they are',
  tellsRuns: true,
  input: z.object({}),
  run: (context) => context.store.batches.list().map(viewer(context)),
});

export const batchStatus = storeOperation({
  name: 'batch.status',
  summary: 'How far a batch is: each task, what blocks it, what it cost',
  tellsRuns: true,
  input: z.object({ name: z.string() }),
  run: (context, { name }) => viewer(context)(context.store.batches.get(name)),
});

/** A task that another branch of `tasks.jsonl` has is left out until it is here. */
function viewer(context: OperationContext): (batch: Batch) => BatchView {
  const spending = readSpending(context);
  const budgets = readBudgets(context, spending);
  const runs = new Map(context.store.runs.live().map((run) => [run.task, run]));
  return ({ name, createdAt, tasks: ids }) => {
    const views = ids.flatMap((id) => {
      const task = context.store.tasks.find(id);
      return task ? [viewTask(task, runs.get(id), spending)] : [];
    });
    return {
      ...{ name, createdAt, tasks: views },
      closed: views.filter(({ state }) => state === 'closed').length,
      cost: spending.batches.get(name) ?? null,
      budget: budgets.find((budget) => budget.scope === 'batch' && budget.name === name) ?? null,
    };
  };
}

function viewTask(task: TaskView, run: Run | undefined, { tasks }: Spending): BatchTask {
  const state = run ? 'running' : task.status === 'closed' ? 'closed' : task.isReady ? 'ready' : 'blocked';
  const waits = state === 'blocked' ? whyNotReady(task) : '';
  const note = run ? [run.worker, run.status, run.reason].filter(Boolean).join(', ') : waits;
  return { id: task.id, title: task.title, state, note, cost: tasks.get(task.id) ?? null };
}
