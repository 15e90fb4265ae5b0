import { z } from 'zod';
import type { Batch } from '../../../domain/batch.ts';
import type { BudgetStatus } from '../../../domain/budget.ts';
import { addCosts, type Cost, noCost } from '../../../domain/cost.ts';
import type { Run } from '../../../domain/run.ts';
import { type TaskView, whyNotReady } from '../../../domain/task.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { readBudgets, readSpending } from '../../spending.ts';
import { openProjectsOf } from './members.ts';

/** Where a task of a batch stands; `unknown`: its project cannot be opened. */
export type BatchTaskState = 'closed' | 'running' | 'ready' | 'blocked' | 'unknown';

export interface BatchTask {
  id: string;
  /** The name of its project. */
  project: string;
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
  /** Of the project where it is asked. Null: there is no limit, or nothing was spent. */
  budget: BudgetStatus | null;
}

export const batchList = storeOperation({
  name: 'batch.list',
  summary: 'List the batches with how far they are',
  tellsRuns: true,
  isAnywhere: true,
  input: z.object({}),
  run: (context) => viewBatches(context, context.batches.list()),
});

export const batchStatus = storeOperation({
  name: 'batch.status',
  summary: 'How far a batch is: each task, what blocks it, what it cost',
  tellsRuns: true,
  isAnywhere: true,
  input: z.object({ name: z.string() }),
  run: async (context, { name }) => (await viewBatches(context, [context.batches.get(name)]))[0] as BatchView,
});

/** One task of a project as a batch shows it; null: another branch of `tasks.jsonl` has it, and it is left out until it is here. */
type TaskViewer = (id: string) => Omit<BatchTask, 'project'> | null;

async function viewBatches(context: OperationContext, batches: readonly Batch[]): Promise<BatchView[]> {
  const projects = await openProjectsOf(context, batches);
  const viewers = new Map(Array.from(projects, ([name, there]) => [name, viewerOf(there)] as const));
  return batches.map(({ name, createdAt, tasks }) => {
    const views = tasks.flatMap(({ project, task }) => {
      const view = viewers.get(project)?.(task);
      return view ? [{ ...view, project }] : [];
    });
    const costs = views.flatMap(({ cost }) => cost ?? []);
    const cost = costs.length === 0 ? null : costs.reduce(addCosts, noCost);
    return {
      ...{ name, createdAt, tasks: views, cost },
      closed: views.filter(({ state }) => state === 'closed').length,
      budget: cost && budgetOf(context, name, cost),
    };
  });
}

function viewerOf(there: OperationContext | Error): TaskViewer {
  if (there instanceof Error) {
    return (id) => ({ id, title: '', state: 'unknown', note: there.message, cost: null });
  }
  const { tasks: costs } = readSpending(there);
  const runs = new Map(there.store.runs.live().map((run) => [run.task, run]));
  return (id) => {
    const task = there.store.tasks.find(id);
    return task ? viewTask(task, runs.get(id), costs.get(id) ?? null) : null;
  };
}

function viewTask(task: TaskView, run: Run | undefined, cost: Cost | null): Omit<BatchTask, 'project'> {
  const state = run ? 'running' : task.status === 'closed' ? 'closed' : task.isReady ? 'ready' : 'blocked';
  const waits = state === 'blocked' ? whyNotReady(task) : '';
  const note = run ? [run.worker, run.status, run.reason].filter(Boolean).join(', ') : waits;
  return { id: task.id, title: task.title, state, note, cost };
}

function budgetOf(context: OperationContext, name: string, cost: Cost): BudgetStatus | null {
  const spending = { ...readSpending(context), batches: new Map([[name, cost]]) };
  return readBudgets(context, spending).find((budget) => budget.scope === 'batch') ?? null;
}
