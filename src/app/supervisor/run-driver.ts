import type { Disposable } from '../../base/disposable.ts';
import { asForgeError, ForgeError, knownError } from '../../base/errors.ts';
import type { Trouble } from '../../domain/fallback.ts';
import type { Outlook } from '../../domain/queue.ts';
import { hasAgentAtWork, holdsWorker, isRunEnded, type Run } from '../../domain/run.ts';
import type { SessionStatus } from '../../domain/session.ts';
import type { Worker } from '../../domain/worker.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { Ensure } from '../../machines/run-machine.ts';
import { type RunStep, restoreRun, stepRun } from '../../machines/run-step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Delivery, DeliveryOutcome, DeliveryRequest } from '../../ports/delivery.ts';
import type { RunGroup } from '../../ports/store.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';
import { findRun } from '../operations/run/read.ts';
import type { BudgetWatch } from './budget-watch.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import { withCompletion } from './completion.ts';
import { DeliveryEffects } from './delivery-effects.ts';
import { Ensuring, type Needed } from './ensuring.ts';
import { fallBack, insteadOfFailure, newSession } from './fall-back.ts';
import { FinishEffects } from './finish-effects.ts';
import { GateEffects, type GateEffectsOptions } from './gate-effects.ts';
import type { HostLink } from './host-link.ts';
import { NewRuns } from './new-runs.ts';
import { rowAfter } from './row-after.ts';
import type { Dispatched, RunControl } from './run-control.ts';
import { RunEffects, type RunEffectsOptions } from './run-effects.ts';
import { SessionHearing } from './session-hearing.ts';
import type { SharedTurns } from './shared-turns.ts';
import { StartQueue } from './start-queue.ts';
import type { WorktreeMaker } from './worktree-maker.ts';

export interface RunDriverOptions {
  context: OperationContext;
  host: HostLink;
  setup: WorktreeSetup;
  delivery: Delivery;
  checkpoints: CheckpointControl;
  clock: Clock;
  maker: WorktreeMaker;
  /** What a session is doing, as far as one can know; null: the host does not know it. */
  statusOf: (session: string) => SessionStatus | null;
  log: (line: string) => void;
  budgets: Pick<BudgetWatch, 'refuse' | 'isSpent'>;
  turns: SharedTurns;
  /** Queues a prompt for a live session. */
  say: (session: string, text: string) => Promise<void>;
  movePrompts: RunEffectsOptions['movePrompts'];
  /** Something that a view shows has changed. */
  onChange: () => void;
  /** A run has taken a step, or waits for something else. */
  onStep: (run: string) => void;
}

type Effects = Record<Exclude<Ensure, 'nothing'>, (run: Run, step: RunStep) => Promise<void>>;

/** How often it is looked whether a delivered branch was merged, in ms: by the times of a few files while nothing has. */
const mergeLookMs = 2_000;

/**
 * Binds the run machine to the world. An event is stored with what it made of the run, in one transaction; then whatever
 * the new state declares is made true. After a restart the same is asked of every run, so nothing here has a second path.
 */
export class RunDriver implements RunControl, Disposable {
  readonly #options: RunDriverOptions;
  readonly #work: RunEffects;
  readonly #delivery: DeliveryEffects;
  readonly #gates: GateEffects;
  readonly #effects: Effects;
  #mergesAt = 0;
  readonly #newRuns: NewRuns;
  readonly #queue: StartQueue;
  readonly #ensuring: Ensuring;
  /** Told of what is said of sessions. */
  readonly hearing: SessionHearing;
  /** Runs whose stored snapshot cannot be read, with the reason: left alone, shown as a problem. */
  readonly unreadable = new Map<string, string>();

  constructor(options: RunDriverOptions) {
    this.#options = options;
    this.#ensuring = new Ensuring((id) => this.#neededBy(id), options.log);
    this.#newRuns = new NewRuns(options);
    this.#queue = new StartQueue({
      ...options,
      isFit: async ({ task }, { name, agent }) =>
        (await options.context.agents.find({ agent, worker: name, task })).isFound,
      start: (run, worker) => this.#start(run, worker),
      onWaits: (runs) => {
        options.onChange();
        for (const run of runs) options.onStep(run);
      },
    });
    const onEvent: GateEffectsOptions['onEvent'] = (...told) => void this.#apply(...told);
    this.hearing = new SessionHearing({
      ...options,
      isStarted: (id) => this.#step(id)?.isSessionStarted === true,
      onEvent,
      // It was being started when the run ended, and may have worked since.
      onAfterEnd: (run, isNewer) => (isNewer ? this.#ensuring.ensureAgain(run.id) : this.#endLeftover(run)),
    });
    const work = new RunEffects({
      ...options,
      isAtWork: (run) => this.#isAtWork(run),
      wantsSession: ({ id, session }) => {
        const run = options.context.store.runs.get(id);
        return hasAgentAtWork(run.status) && run.session === session;
      },
      onEvent,
      onFacts: (facts) => this.hearing.observe(facts),
    });
    const gates = new GateEffects({ ...options, onEvent });
    const finish = new FinishEffects({ ...options, work, onEvent });
    const delivery = new DeliveryEffects({ ...options, work, onEvent });
    this.#delivery = delivery;
    this.#work = work;
    this.#gates = gates;
    this.#effects = {
      worktree: (run) => work.worktree(run),
      session: (run, step) => work.session(run, step),
      interrupted: (run) => work.interrupted(run),
      ended: async (run) => {
        if (run.status === 'done') this.#closeTask(run.task);
        await work.ended(run);
        options.context.store.runs.settle(run.id);
      },
      gates: (run, step) => gates.run(run, step),
      fix: (run, step) => finish.fix(run, step),
      rewound: (run) => finish.rewound(run),
      delivery: (run) => delivery.delivery(run),
      merge: (run) => delivery.merge(run),
    };
  }

  async dispatch(task: string, worker: string | null): Promise<Run> {
    return this.#afterQueue(await this.#newRuns.ofTask(task, worker, null));
  }

  outlook(task: string): Promise<Outlook> {
    return this.#queue.outlook(this.#options.context.store.tasks.get(task));
  }

  async dispatchTogether(tasks: readonly string[], group: RunGroup | null): Promise<Dispatched[]> {
    const all: Dispatched[] = [];
    for (const task of tasks)
      all.push(
        await this.#newRuns.ofTask(task, null, group).then(
          (run) => ({ task, run, problem: null }),
          (failure: unknown) => ({ task, run: null, problem: knownError(failure) }),
        ),
      );
    await this.startQueued();
    const { runs } = this.#options.context.store;
    return all.map(({ run, ...rest }) => ({ ...rest, run: run && runs.get(run.id) }));
  }

  async fork(run: string, worker: string | null, words: string): Promise<Run> {
    return this.#afterQueue(await this.#newRuns.forkOf(run, worker, words));
  }

  /** The run as it is when all has begun that may begin now. */
  async #afterQueue({ id }: Run): Promise<Run> {
    await this.startQueued();
    return this.#options.context.store.runs.get(id);
  }

  #start(run: string, { name, agent }: Worker): void {
    const { endsByItself } = this.#options.context.agents.adapterOf(agent);
    this.#apply(run, { type: 'run.started', worker: name, agent, endsByItself });
  }

  cancel(name: string, by: string): Run {
    return this.#end(name, { type: 'run.cancelled', by });
  }

  approve(name: string, by: string): Run {
    return this.#end(name, { type: 'run.approved', by });
  }

  async deliver(name: string, kind: DeliveryRequest['kind'] | null, by: string): Promise<DeliveryOutcome> {
    const outcome = await this.#delivery.again(findRun(this.#options.context, name), kind, by);
    this.#options.onChange();
    return outcome;
  }

  tryGates(name: string, gate: string | null, by: string): Promise<number> {
    return this.#gates.tryOut(findRun(this.#options.context, name), gate, by);
  }

  pause(name: string, reason: string, by: string, isStuck = false): Run {
    const run = findRun(this.#options.context, name);
    const wasAtWork = this.#isAtWork(run);
    if (!this.#apply(run.id, { type: 'run.paused', reason, by, ...(isStuck ? { isStuck } : {}) }, { wasAtWork })) {
      throw new ForgeError('run.state', `Run ${run.id} is ${run.status}: only one that works can be paused.`);
    }
    return this.#options.context.store.runs.get(run.id);
  }

  resume(name: string, by: string): Run {
    const run = findRun(this.#options.context, name);
    if (run.status === 'paused') this.#options.budgets.refuse(run.task, run.id);
    const facts = this.#options.host.known().find(({ id }) => id === run.session);
    const isAlive = facts !== undefined && facts.endedAt === null;
    const session = isAlive ? null : newSession(run);
    if (!this.#apply(run.id, { type: 'run.resumed', by, session })) {
      throw new ForgeError('run.state', `Run ${run.id} is ${run.status}: only a paused one can go on.`);
    }
    return this.#options.context.store.runs.get(run.id);
  }

  fallBack(id: string, trouble: Trouble): boolean {
    const { context } = this.#options;
    const event = fallBack(context, context.store.runs.get(id), trouble);
    // Paused, it is told to go on when it may.
    return event !== null && this.#apply(id, event, event.type === 'run.paused' ? { wasAtWork: true } : {});
  }

  interrupt(run: string): Promise<void> {
    return this.#work.interrupted(this.#options.context.store.runs.get(run));
  }

  stopAgain(run: string): void {
    if (this.#step(run)?.ensure === 'interrupted') this.#ensuring.ensure(run);
  }

  /** Makes true again what each stored run needs. Called once at start, and whenever the host was reached anew. */
  restore(): void {
    const { runs } = this.#options.context.store;
    for (const run of runs.list()) {
      if (isRunEnded(run.status)) this.#endLeftover(run);
      else this.#ensuring.ensure(run.id);
    }
    for (const run of runs.unsettled()) this.#ensuring.ensure(run.id);
    void this.startQueued();
  }

  async settle(): Promise<void> {
    await this.#options.host.reached();
    const working = this.#options.context.store.runs.live().filter(({ status }) => hasAgentAtWork(status));
    for (const run of working) this.#ensuring.ensure(run.id);
    await Promise.all(working.map((run) => this.#ensuring.settled(run.id)));
  }

  startQueued(): Promise<void> {
    return this.#queue.look();
  }

  /** Looks now and then whether what was delivered has been merged. */
  lookAtMerges(): void {
    const { context, clock } = this.#options;
    if (clock() - this.#mergesAt < mergeLookMs) return;
    this.#mergesAt = clock();
    for (const { id, status } of context.store.runs.live()) if (status === 'awaiting') this.#ensuring.ensure(id);
  }

  /** Those that somebody has mended meanwhile are driven again. */
  lookAtUnreadable(): void {
    for (const id of [...this.unreadable.keys()]) this.#ensuring.ensure(id);
  }

  dispose(): void {
    this.#ensuring.dispose();
    this.#queue.dispose();
  }

  #isAtWork(run: Run): boolean {
    return this.#options.statusOf(run.session)?.state === 'busy';
  }

  #end(name: string, event: RunMachineEvent): Run {
    const { store } = this.#options.context;
    const { id } = findRun(this.#options.context, name);
    if (!this.#apply(id, event)) {
      const run = store.runs.get(id);
      if (isRunEnded(run.status)) throw new ForgeError('run.ended', `Run ${id} has ended already: ${run.status}.`);
      throw new ForgeError('run.ended', `Run ${id} is ${run.status}: it has no work to accept yet.`, {
        next: `Wait until it works, or end it with: forge cancel ${id}`,
      });
    }
    return store.runs.get(id);
  }

  /** Stores the event and its effect, then makes the new state true. False when the event means nothing now. */
  #apply(id: string, event: RunMachineEvent, note: Record<string, unknown> = {}): boolean {
    const { context, clock, host, log, movePrompts, onChange } = this.#options;
    const before = this.#step(id);
    const completed = before && withCompletion(context, id, event);
    const after = completed && stepRun(before.snapshot, completed);
    if (!after) return false;
    const hasDied = hasAgentAtWork(before.status) && event.type === 'session.exited' && after.status === 'paused';
    // Paused, only one that was thought to be stuck fails.
    const hasFailed = (hasAgentAtWork(before.status) || before.status === 'paused') && after.status === 'failed';
    if ((hasDied || hasFailed) && before.answers === 0) {
      const run = context.store.runs.get(id);
      const facts = host.known().find(({ id: session }) => session === run.session);
      const instead = insteadOfFailure(context, run, facts, after.reason);
      if (instead && this.#apply(id, instead)) return true;
    }
    const { status, snapshot } = after;
    const at = clock();
    const row = rowAfter(event, after, at);
    context.store.runs.append(id, { event: { ...completed, ...note }, at, status, snapshot, row });
    log(`${id}: ${event.type}, now ${status}${after.reason ? ` (${after.reason})` : ''}`);
    if (event.type === 'run.fellBack') movePrompts(event.left, event.session, event.conversation === null);
    // Not by what changes nothing of them, as the end of the program: then nobody would wait for another result.
    const isLeft = status !== 'gating' || after.attempt !== before.attempt;
    if (before.status === 'gating' && isLeft) this.#gates.leave(id);
    this.#ensuring.ensure(id);
    onChange();
    this.#options.onStep(id);
    if (holdsWorker(before.status) && !holdsWorker(status)) void this.#queue.lookEverywhere();
    return true;
  }

  #closeTask(id: string): void {
    const { tasks } = this.#options.context.store;
    if (tasks.get(id).status === 'open') tasks.close(id);
  }

  #step(id: string): RunStep | null {
    try {
      const step = restoreRun(this.#options.context.store.runs.snapshot(id));
      this.unreadable.delete(id);
      return step;
    } catch (failure) {
      if (!this.unreadable.has(id))
        this.#options.log(`${id}: its snapshot cannot be read: ${asForgeError(failure).message}`);
      this.unreadable.set(id, asForgeError(failure).message);
      return null;
    }
  }

  #neededBy(id: string): Needed | null {
    const step = this.#step(id);
    if (!step || step.ensure === 'nothing') return null;
    const { ensure, attempt } = step;
    // Each time of running gates is another.
    return {
      what: `${ensure} ${attempt}`,
      act: async () => {
        await this.#effects[ensure](this.#options.context.store.runs.get(id), step);
        this.#options.onStep(id);
      },
    };
  }

  /** A supervisor that was killed between the end of a run and the end of its session left the session alive. */
  #endLeftover(run: Run): void {
    if (this.#work.aliveOf(run).length > 0) this.#ensuring.ensureAgain(run.id);
  }
}
