import type { Disposable } from '../../base/disposable.ts';
import {
  nextInQueue,
  type Outlook,
  outlookOf,
  type QueuedRun,
  type QueueFacts,
  type QueueStep,
} from '../../domain/queue.ts';
import { holdsWorker, type Run } from '../../domain/run.ts';
import { blockers, type TaskView } from '../../domain/task.ts';
import type { Worker } from '../../domain/worker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { BudgetWatch } from './budget-watch.ts';
import type { SharedTurns, TurnTaker } from './shared-turns.ts';

export interface StartQueueOptions {
  context: Pick<OperationContext, 'store' | 'settings'>;
  clock: Clock;
  budgets: Pick<BudgetWatch, 'isSpent'>;
  turns: SharedTurns;
  /** The program of the worker is on this machine. */
  isFit: (run: Pick<Run, 'task'>, worker: Worker) => Promise<boolean>;
  start: (run: string, worker: Worker) => void;
  log: (line: string) => void;
  /** These wait for something else now. */
  onWaits: (runs: readonly string[]) => void;
}

/**
 * Starts queued runs as `nextInQueue` says, one after the other, and notes what the others wait for. It keeps nothing that
 * is not in the store: one that begins anew goes on.
 */
export class StartQueue implements TurnTaker, Disposable {
  readonly #options: StartQueueOptions;
  readonly #joined: Disposable;
  #isDisposed = false;
  #isAsked = false;
  #looking: Promise<void> | null = null;
  /** When it is lost with this process, the next one looks by itself. */
  #later: NodeJS.Timeout | null = null;
  /** Workers whose program was not found just now, by run. */
  readonly #unfit = new Set<string>();

  constructor(options: StartQueueOptions) {
    this.#options = options;
    this.#joined = options.turns.join(this);
  }

  /** Resolves when all has begun that may begin now. */
  look(): Promise<void> {
    this.#isAsked = true;
    this.#looking ??= this.#lookUntilDone();
    return this.#looking;
  }

  /** A run has ended or a limit has changed: this project, or another, may go on. */
  lookEverywhere(): Promise<void> {
    this.#options.turns.lookAtOthers(this);
    return this.look();
  }

  atWork(group?: string): number {
    return this.#live().filter((run) => isAtWork(run) && (group === undefined || run.group === group)).length;
  }

  newestStart(): number {
    return newestStart(this.#live().filter(isAtWork));
  }

  canStart(): boolean {
    return this.#step(null).start !== null;
  }

  /** If it were dispatched now. */
  async outlook(task: TaskView): Promise<Outlook> {
    const { context, clock, budgets, turns, isFit } = this.#options;
    const run: QueuedRun = {
      ...{ id: '', group: null, groupMax: null, createdAt: clock(), priority: task.priority },
      ...{ worker: task.worker ?? '', agent: task.worker === undefined ? (task.agent ?? '') : '' },
      ...{ blockedBy: blockers(task), isSpent: budgets.isSpent(task.id, null) },
    };
    const unfit = new Set<string>();
    for (;;) {
      const facts = this.#facts([], turns.refuse(this, context.settings.limits.allProjects), false);
      const outlook = outlookOf(run, { ...facts, isUnfit: (_run, worker) => unfit.has(worker) });
      const worker = context.settings.workers.find(({ name }) => name === outlook.worker);
      if (!worker || (await isFit({ task: task.id }, worker))) return outlook;
      unfit.add(worker.name);
    }
  }

  async #lookUntilDone(): Promise<void> {
    try {
      while (this.#isAsked && !this.#isDisposed) {
        this.#isAsked = false;
        this.#unfit.clear();
        while (await this.#startNext());
        // Those that let this one go first need not.
        if (this.#unfit.size > 0 && this.#isShared) this.#options.turns.lookAtOthers(this);
      }
    } catch (failure) {
      this.#options.log(`queue: ${(failure as Error).message}`);
    } finally {
      this.#looking = null;
    }
  }

  /** False when nothing more can be done now. */
  async #startNext(): Promise<boolean> {
    const { context, turns, isFit, start } = this.#options;
    const { store, settings } = context;
    if (this.#isDisposed) return false;
    const possible = this.#step(null);
    const step = possible.start ? this.#step(turns.refuse(this, settings.limits.allProjects)) : possible;
    this.#note(step.waits);
    if (!step.start) return false;
    const { run, worker } = step.start;
    if (!(await isFit(store.runs.get(run), worker))) {
      this.#unfit.add(`${run} ${worker.name}`);
      return true;
    }
    // The world may have changed while the program was looked for.
    const now = this.#isDisposed ? null : this.#step(turns.refuse(this, settings.limits.allProjects)).start;
    if (now?.run !== run || now.worker.name !== worker.name) return true;
    start(run, worker);
    if (this.#isShared) turns.lookAtOthers(this);
    return true;
  }

  #note(waits: QueueStep['waits']): void {
    const news = this.#live().filter(({ id, reason }) => waits.has(id) && waits.get(id) !== reason);
    if (news.length === 0) return;
    this.#options.context.store.runs.setWaits(new Map(news.map(({ id }) => [id, waits.get(id) ?? ''])));
    this.#options.onWaits(news.map(({ id }) => id));
  }

  #step(refused: string | null): QueueStep {
    const live = this.#live();
    const queued = live.filter(({ status }) => status === 'queued');
    if (queued.length === 0) return { start: null, waits: new Map() };
    const atWork = live.filter(isAtWork);
    const gapMs = this.#gapMs(atWork);
    if (gapMs > 0) this.#lookLater(gapMs);
    return nextInQueue(this.#facts(queued, refused, gapMs > 0));
  }

  #facts(queued: readonly Run[], refused: string | null, isGap: boolean): QueueFacts {
    const { context, budgets, turns } = this.#options;
    const { store, settings } = context;
    const tasks = new Map(queued.map(({ task }) => [task, store.tasks.find(task)]));
    return {
      queued: queued.map((run) => {
        const task = tasks.get(run.task);
        const { priority = 0 } = task ?? {};
        return { ...run, priority, blockedBy: task ? blockers(task) : [], isSpent: budgets.isSpent(run.task, run.id) };
      }),
      ...{ workers: settings.workers, limits: settings.limits, refused, isGap },
      atWork: this.#live().filter(isAtWork),
      atWorkElsewhere: (group) => turns.atWorkElsewhere(this, group),
      isUnfit: (run, worker) => this.#unfit.has(`${run} ${worker}`),
    };
  }

  #live(): Run[] {
    return this.#options.context.store.runs.live();
  }

  get #isShared(): boolean {
    return this.#options.context.settings.limits.allProjects !== null;
  }

  /** How long it is until another run may start, by what is stored: also to a process that has just begun. */
  #gapMs(atWork: readonly Run[]): number {
    const { startGapMs } = this.#options.context.settings.limits;
    // A clock that was set back must not hold a start up for longer.
    return Math.min(startGapMs, Math.max(0, newestStart(atWork) + startGapMs - this.#options.clock()));
  }

  #lookLater(ms: number): void {
    this.#later ??= setTimeout(() => {
      this.#later = null;
      void this.look();
    }, ms);
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#later) clearTimeout(this.#later);
    this.#joined.dispose();
  }
}

function isAtWork({ status }: Run): boolean {
  return holdsWorker(status);
}

function newestStart(runs: readonly Run[]): number {
  return Math.max(0, ...runs.map(({ startedAt }) => startedAt ?? 0));
}
