import { dayOf } from '../../base/day.ts';
import { asForgeError, ForgeError } from '../../base/errors.ts';
import { type Budgeted, type BudgetStatus, budgetsOf, grantCommand, sayBudget } from '../../domain/budget.ts';
import { promptLengths } from '../../domain/prices.ts';
import { hasAgentAtWork, type Run } from '../../domain/run.ts';
import type { Spending } from '../../domain/spending.ts';
import type { OperationContext } from '../context.ts';
import { batchesOfTasks, batchOf, readBudgets, readSpending } from '../spending.ts';
import type { RunControl } from './run-control.ts';
import { SharedSpending } from './shared-spending.ts';

/**
 * A paused agent that has not stopped after so many ms did not hear it: it was being started then. Sooner would be wrong:
 * a second Escape right after the first opens a menu in some programs.
 */
const stopMs = 5_000;

/** Who pauses a run, in its history. */
const by = 'budget';

/** Keeps a project within its budgets: warns, pauses what is at work, and refuses what would begin. */
export class BudgetWatch {
  readonly #context: OperationContext;
  readonly #log: (line: string) => void;
  readonly #shared: SharedSpending;
  readonly #warned = new Set<string>();
  /** Runs that should be paused and could not be: said once. */
  readonly #unpaused = new Set<string>();
  #known: { of: readonly unknown[]; spending: Spending } | null = null;

  constructor(context: OperationContext, log: (line: string) => void, shared = new SharedSpending()) {
    this.#context = context;
    this.#log = log;
    this.#shared = shared;
  }

  /** What was spent; reckoned anew only when usage, prices, batches or the day changed. */
  get spending(): Spending {
    const { store, settings, clock, project } = this.#context;
    const batches = JSON.stringify([...batchesOfTasks(this.#context)]);
    const of = [store.usage.sums(promptLengths), settings.prices, dayOf(clock()), batches];
    if (this.#known === null || of.some((part, at) => part !== this.#known?.of[at])) {
      this.#known = { of, spending: readSpending(this.#context) };
      this.#shared.tell(project.name, this.#known.spending.batches);
    }
    return this.#known.spending;
  }

  /** Throws `budget.spent` if the task may not be worked on now; `run`: the one that would go on, null: a new one. */
  refuse(task: string, run: string | null): void {
    const spent = this.#spent(task, run);
    if (spent) throw new ForgeError('budget.spent', sayBudget(spent), { next: `Grant more: ${grantCommand(spent)}` });
  }

  isSpent(task: string, run: string | null): boolean {
    return this.#spent(task, run) !== null;
  }

  /**
   * Gives each warning once, and pauses each run that works beyond a budget. `sessions`: those that have just used
   * something.
   */
  enforce(runs: Pick<RunControl, 'pause' | 'stopAgain'>, sessions: ReadonlySet<string>): void {
    const all = this.#statuses();
    for (const run of this.#context.store.runs.live()) {
      const statuses = budgetsOf(all, this.#budgeted(run.task, run.id));
      for (const status of statuses) if (status.level === '80' || status.level === '90') this.#warn(status, run);
      const spent = statuses.find(({ level }) => level === 'over');
      if (!spent) continue;
      if (hasAgentAtWork(run.status)) this.#pause(runs, run, spent);
      else if (run.status === 'paused' && sessions.has(run.session) && this.#shouldHaveStopped(run))
        runs.stopAgain(run.id);
    }
  }

  /** What a person should know: budgets of the day, of the project and of what is at work that come to their end. */
  problems(): string[] {
    const live = this.#context.store.runs.live();
    const statuses = this.#statuses();
    const shown = new Set([
      ...budgetsOf(statuses, { task: '', batch: null, run: null }),
      ...live.flatMap((run) => budgetsOf(statuses, this.#budgeted(run.task, run.id))),
    ]);
    return [...shown]
      .filter(({ level }) => level !== 'ok')
      .map((status) => `${sayBudget(status)}${status.level === 'over' ? ` Grant more: ${grantCommand(status)}` : ''}`);
  }

  #budgeted(task: string, run: string | null): Budgeted {
    return { task, run, batch: batchOf(this.#context, task) };
  }

  #statuses(): BudgetStatus[] {
    const { spending } = this;
    return readBudgets(this.#context, { ...spending, batches: this.#shared.batches() });
  }

  #spent(task: string, run: string | null): BudgetStatus | null {
    return budgetsOf(this.#statuses(), this.#budgeted(task, run)).find(({ level }) => level === 'over') ?? null;
  }

  /** One that cannot be paused (its record cannot be read) keeps no other from it. */
  #pause(runs: Pick<RunControl, 'pause'>, run: Run, spent: BudgetStatus): void {
    try {
      runs.pause(run.id, `${sayBudget(spent)} ${goOn(spent, run.id)}`, by);
    } catch (failure) {
      if (!this.#unpaused.has(run.id)) this.#log(`${run.id}: not paused: ${asForgeError(failure).message}`);
      this.#unpaused.add(run.id);
    }
  }

  #shouldHaveStopped(run: Run): boolean {
    const { store, clock } = this.#context;
    const paused = store.runs.events(run.id).findLast(({ type }) => type === 'run.paused');
    return clock() - (paused?.at ?? 0) > stopMs;
  }

  #warn(status: BudgetStatus, run: Run): void {
    const key = `${status.scope} ${status.name} ${status.level} ${status.limitUsd}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    if (this.#context.store.budgets.warn(status, run.id, sayBudget(status)))
      this.#log(`${run.id}: ${sayBudget(status)}`);
  }
}

function goOn(spent: BudgetStatus, run: string): string {
  return `Grant more: ${grantCommand(spent)}, then: forge resume ${run}`;
}
