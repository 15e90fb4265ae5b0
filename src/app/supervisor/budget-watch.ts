import { dayOf } from '../../base/day.ts';
import { asForgeError, ForgeError } from '../../base/errors.ts';
import {
  type Budgeted,
  type BudgetStatus,
  budgetsOf,
  type Grant,
  grantCommand,
  sayBudget,
  sayUnpriced,
} from '../../domain/budget.ts';
import { costOf } from '../../domain/cost.ts';
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

/** Who pauses a run and lets it go on, in its history. */
const by = 'budget';

/** Keeps a project within its budgets: warns, pauses what is at work, and refuses what would begin. */
export class BudgetWatch {
  readonly #context: OperationContext;
  readonly #log: (line: string) => void;
  readonly #shared: SharedSpending;
  readonly #warned = new Set<string>();
  /** Runs that should be paused or go on and could not: said once. */
  readonly #unchanged = new Set<string>();
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
   * Gives each warning once, pauses each run that works beyond a budget, and lets it go on when a person has granted more.
   * `sessions`: those that have just used something.
   */
  enforce(runs: Pick<RunControl, 'pause' | 'resume' | 'stopAgain'>, sessions: ReadonlySet<string>): void {
    const all = this.#statuses();
    for (const run of this.#context.store.runs.live()) {
      const statuses = budgetsOf(all, this.#budgeted(run.task, run.id));
      for (const status of statuses) if (status.level === '80' || status.level === '90') this.#warn(status, run);
      const spent = statuses.find(({ level }) => level === 'over');
      if (!spent) {
        if (run.status === 'paused' && this.#isGranted(run, statuses))
          this.#attempt(run, () => runs.resume(run.id, by));
      } else if (hasAgentAtWork(run.status)) {
        const reason = `${sayBudget(spent)} Grant more: ${grantCommand(spent)}`;
        this.#attempt(run, () => runs.pause(run.id, reason, by));
      } else if (run.status === 'paused' && sessions.has(run.session) && this.#shouldHaveStopped(run))
        runs.stopAgain(run.id);
    }
  }

  /** What a person should know: budgets of the day, of the project and of what is at work that come to their end, or hold nothing back. */
  problems(): string[] {
    const live = this.#context.store.runs.live();
    const statuses = this.#statuses();
    const shown = new Set([
      ...budgetsOf(statuses, { task: '', batch: null, run: null }),
      ...live.flatMap((run) => budgetsOf(statuses, this.#budgeted(run.task, run.id))),
    ]);
    const near = [...shown]
      .filter(({ level }) => level !== 'ok')
      .map((status) => `${sayBudget(status)}${status.level === 'over' ? ` Grant more: ${grantCommand(status)}` : ''}`);
    if (![...shown].some(({ spent }) => spent.hasUnknown)) return near;
    const unpriced = this.#unpriced(new Set(live.map(({ id }) => id)));
    return unpriced.length > 0 ? [...near, sayUnpriced(unpriced)] : near;
  }

  /** Models without a price that live runs have used. */
  #unpriced(live: ReadonlySet<string>): string[] {
    const { store, settings } = this.#context;
    const sums = store.usage
      .sums(promptLengths)
      .filter((sum) => live.has(sum.run) && costOf(sum, settings.prices).hasUnknown);
    return [...new Set(sums.map(({ model }) => model))].sort();
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

  /** One that cannot be changed (its record cannot be read) keeps no other from it. */
  #attempt(run: Run, change: () => unknown): void {
    try {
      change();
    } catch (failure) {
      if (!this.#unchanged.has(run.id)) this.#log(`${run.id}: ${asForgeError(failure).message}`);
      this.#unchanged.add(run.id);
    }
  }

  /** It was paused by a budget, and more was granted to one of its own since then. */
  #isGranted(run: Run, statuses: readonly BudgetStatus[]): boolean {
    const { store } = this.#context;
    const paused = store.runs.events(run.id).findLast(({ type }) => type === 'run.paused');
    if (paused?.payload.by !== by) return false;
    const isOwn = ({ scope, name }: Grant) => statuses.some((status) => status.scope === scope && status.name === name);
    return store.budgets.grants().some((grant) => grant.at > paused.at && isOwn(grant));
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
