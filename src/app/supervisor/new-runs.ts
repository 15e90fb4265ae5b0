import type { Run } from '../../domain/run.ts';
import { runOptionsSchema } from '../../domain/run-options.ts';
import { beginRun } from '../../machines/run-step.ts';
import type { NewRun, RunGroup } from '../../ports/store.ts';
import type { OperationContext } from '../context.ts';
import { findRun } from '../operations/run/read.ts';
import type { BudgetWatch } from './budget-watch.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import { checkFree, checkWorkers } from './choose-worker.ts';
import { forkedTask, prepareFork } from './fork-run.ts';

export interface NewRunsOptions {
  context: OperationContext;
  checkpoints: CheckpointControl;
  budgets: Pick<BudgetWatch, 'refuse'>;
  onChange: () => void;
  onStep: (run: string) => void;
}

/** Puts runs into the queue, after a look whether they could ever begin. When they do, the queue says. */
export class NewRuns {
  readonly #options: NewRunsOptions;

  constructor(options: NewRunsOptions) {
    this.#options = options;
  }

  async ofTask(taskName: string, workerName: string | null, group: RunGroup | null): Promise<Run> {
    const { context, budgets } = this.#options;
    const task = context.store.tasks.get(taskName);
    const worker = workerName ?? task.worker ?? null;
    budgets.refuse(task.id, null);
    checkFree(context, task.id);
    await checkWorkers(context, task, worker);
    const options = runOptionsSchema.parse(task);
    // A worker that is named does it with whatever it runs.
    return this.#create(
      task.id,
      { worker: worker ?? '', agent: worker === null ? (task.agent ?? '') : '', group },
      { options },
    );
  }

  async forkOf(name: string, workerName: string | null, words: string): Promise<Run> {
    const { context, checkpoints, budgets } = this.#options;
    const source = findRun(context, name);
    const { worker, fork } = await prepareFork({ ...context, checkpoints }, source, workerName, words);
    const task = context.store.tasks.add(forkedTask(context, source));
    try {
      budgets.refuse(task.id, null);
      return this.#create(task.id, { worker: worker.name, agent: '' }, { fork });
    } catch (failure) {
      context.store.tasks.close(task.id);
      throw failure;
    }
  }

  #create(task: string, wish: Omit<NewRun, 'task'>, note: Record<string, unknown>): Run {
    const { context, onChange, onStep } = this.#options;
    // Whether its program ends by itself is known when a worker takes it.
    const endsByItself = false;
    const step = beginRun({ endsByItself });
    const given = { task, ...wish };
    const run = context.store.runs.create(given, ({ session }) => ({
      event: { type: 'run.queued', by: context.actor, ...given, firstSession: session, endsByItself, ...note },
      status: step.status,
      snapshot: step.snapshot,
      row: {},
    }));
    onChange();
    onStep(run.id);
    return run;
  }
}
