import { join } from 'node:path';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import type { SessionView } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Delivery } from '../../ports/delivery.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext, SupervisorContext } from '../context.ts';
import { liveWorks } from '../operations/run/radar.ts';
import { workerList } from '../operations/worker/list.ts';
import { messageViews } from '../views/message-view.ts';
import type { ProjectView } from '../views/project-view.ts';
import { AgentWatch } from './agent-watch.ts';
import { AttentionClaims } from './attention-claims.ts';
import { BudgetWatch } from './budget-watch.ts';
import { CheckpointUpkeep } from './checkpoint-upkeep.ts';
import { Checkpoints } from './checkpoints.ts';
import { DiffWatch } from './diff-watch.ts';
import { FallbackWatch } from './fallback-watch.ts';
import { gateActor } from './finish-effects.ts';
import type { HostLink } from './host-link.ts';
import { LimitWatch } from './limit-watch.ts';
import type { MessageControl } from './message-control.ts';
import { MessageDriver } from './message-driver.ts';
import { OldRuns } from './old-runs.ts';
import { ProjectFeed } from './project-feed.ts';
import { RadarWatch } from './radar-watch.ts';
import type { RunControl } from './run-control.ts';
import { RunDriver } from './run-driver.ts';
import { RunFileWriter } from './run-file-writer.ts';
import { RunLimitWatch } from './run-limit-watch.ts';
import { SessionWatch } from './session-watch.ts';
import type { SharedSpending } from './shared-spending.ts';
import type { SharedTurns } from './shared-turns.ts';
import { Shells } from './shells.ts';
import { SilenceWatch } from './silence-watch.ts';
import { StoredViews } from './stored-views.ts';
import { StuckWatch } from './stuck-watch.ts';
import { TurnWatch } from './turn-watch.ts';
import type { WorktreeControl } from './worktree-control.ts';
import { WorktreeKeeper } from './worktree-keeper.ts';
import { WorktreeMaker } from './worktree-maker.ts';
import { WorktreePool } from './worktree-pool.ts';

/** Reports of agents are gathered this long before budgets are looked at, in ms. */
const gatherMs = 30;

/** How often the store is asked whether another process changed it, in ms. */
const pollMs = 250;

/** After so many of them without a change the view is looked at all the same: what agents do is a matter of time too. */
const pollsPerLook = 4;

export interface ProjectRuntimeOptions {
  context: OperationContext & Disposable & { problems(): string[]; follow(onChange: () => void): Promise<void> };
  host: HostLink;
  setup: WorktreeSetup;
  files: RunFiles;
  delivery: Delivery;
  /** What is shared with the other projects of this supervisor. */
  turns: SharedTurns;
  spending: SharedSpending;
  clock: Clock;
  worktrees: string;
  log: (line: string) => void;
}

/** One project inside the supervisor: its runs are driven, its view is kept and sent to who watches. */
export class ProjectRuntime implements Disposable {
  readonly context: SupervisorContext;
  readonly #options: ProjectRuntimeOptions;
  readonly #driver: RunDriver;
  readonly #budgets: BudgetWatch;
  readonly #sessions: SessionWatch;
  readonly #limits: LimitWatch;
  readonly #silence: SilenceWatch;
  readonly #fallbacks: FallbackWatch;
  readonly #stuck: StuckWatch;
  readonly #runLimits: RunLimitWatch;
  readonly #upkeep: CheckpointUpkeep;
  readonly #turns: TurnWatch;
  readonly #startedAt: number;
  readonly #radar: RadarWatch;
  readonly #oldRuns: OldRuns;
  readonly #held = new DisposableStack();
  readonly #feed: ProjectFeed;
  readonly #stored: StoredViews;
  #revision = '';
  #polls = 0;
  /** Sessions that used something since budgets were looked at. */
  readonly #heard = new Set<string>();
  #enforcing: NodeJS.Timeout | null = null;

  constructor(options: ProjectRuntimeOptions) {
    const { context, host, clock, log } = options;
    this.#options = options;
    this.#stored = new StoredViews(context.store);
    this.#feed = this.#held.use(new ProjectFeed(() => this.#view(), log));
    const changed = () => this.#feed.changed();
    this.#budgets = new BudgetWatch(context, log, options.spending);
    this.#sessions = new SessionWatch(context, host, clock, changed);
    const statusOf = (session: string) => this.#sessions.statusOf(session);
    const stateOf = (session: string) => statusOf(session)?.state ?? null;
    const checkpoints = new Checkpoints({ context, statusOf, log, onChange: changed });
    this.#upkeep = new CheckpointUpkeep({ context, clock, log });
    this.#turns = new TurnWatch({ checkpoints, statusOf });
    this.#startedAt = clock();
    const movePrompts: MessageDriver['move'] = (...move) => messages.move(...move);
    const say = async (session: string, text: string) => void (await messages.send([session], text, [], gateActor));
    const files = this.#held.use(new RunFileWriter({ ...options, budgets: this.#budgets }));
    const onStep = (run: string) => files.touched(run);
    const pool = this.#held.use(new WorktreePool(options));
    const reconciled = this.#reconcile().then(() => pool.look());
    const maker = new WorktreeMaker({ ...options, pool, reconciled });
    this.#driver = this.#held.use(
      new RunDriver({
        ...options,
        maker,
        checkpoints,
        budgets: this.#budgets,
        statusOf,
        say,
        movePrompts,
        onChange: changed,
        onStep,
      }),
    );
    const agents = this.#held.use(new AgentWatch(context, (session, report) => this.#hear(session, report), log));
    const beforePrompt = async (session: string) => {
      const run = context.store.runs.live().find((candidate) => candidate.session === session);
      if (run) await checkpoints.before(run.id, 'a prompt');
    };
    const messages = this.#held.use(new MessageDriver({ context, host, clock, log, beforePrompt, onChange: changed }));
    this.#limits = new LimitWatch({ context, host, messages, statusOf, clock, log });
    this.#silence = new SilenceWatch({ context, host, stateOf, clock, log });
    const factsOf = (session: string) => host.known().find(({ id }) => id === session) ?? null;
    const runs = this.#driver;
    this.#stuck = new StuckWatch({ context, runs, messages, checkpoints, factsOf, statusOf, clock, log });
    this.#runLimits = new RunLimitWatch({ context, runs, statusOf, clock });
    this.#fallbacks = new FallbackWatch({
      ...{ context, runs, statusOf, factsOf, clock },
      silentSince: (session) => this.#silence.since(session),
    });
    // The same object, not a copy: its settings change while it is in use.
    const worktrees: WorktreeControl = new WorktreeKeeper({ ...options, checkpoints, maker });
    const shells = new Shells(options);
    this.context = Object.assign(context, {
      runs: this.#driver as RunControl,
      messages: messages as MessageControl,
      worktrees,
      checkpoints,
      shells,
      attention: new AttentionClaims(clock),
      // In a supervisor all of them are of this kind.
      projects: context.projects as SupervisorContext['projects'],
    });
    this.#oldRuns = new OldRuns({ ...options, worktrees });
    this.#radar = this.#held.use(new RadarWatch(context, changed, log));
    const diffs = this.#held.use(
      new DiffWatch(context, (...measured) => this.#radar.measured(...measured), changed, log),
    );
    for (const { id } of liveWorks(context)) diffs.touched(id);
    this.#held.use(
      host.onFacts((facts) => {
        if (facts.labels.project !== context.project.root) return;
        this.#driver.hearing.observe(facts);
        agents.observe(facts);
        messages.observe(facts);
        shells.observe(facts);
        if (facts.labels.run !== undefined) diffs.touched(facts.labels.run);
        // Mere output changes what is shown with the next poll.
        if (!this.#sessions.isNews(facts)) return;
        this.#turns.observe(facts);
        changed();
      }),
    );
    this.#held.use(
      host.onReached(() => {
        this.#driver.restore();
        for (const facts of host.known()) {
          if (facts.labels.project !== context.project.root) continue;
          agents.observe(facts);
          shells.observe(facts);
        }
        messages.restore();
        changed();
      }),
    );
    const poll = setInterval(() => {
      messages.lookAgain();
      this.#poll();
    }, pollMs);
    this.#held.defer(() => clearInterval(poll));
    // First what a killed supervisor had begun: whoever works there next waits for its turn.
    checkpoints
      .finishRewinds()
      .then(() => this.#upkeep.mend())
      .catch((failure: unknown) => log(`checkpoints: ${(failure as Error).message}`));
    this.#driver.restore();
    messages.restore();
    files.restore();
    context.follow(changed).catch((failure: unknown) => log(`watching: ${(failure as Error).message}`));
  }

  /** What a killed Forge left of worktrees is put right before a run is given one. */
  async #reconcile(): Promise<void> {
    const { context, worktrees, log } = this.#options;
    const live = context.store.runs.live();
    const inUse = new Set(live.map(({ worktree, task }) => worktree ?? join(worktrees, task)));
    try {
      for (const line of await context.git.worktrees.reconcile(worktrees, inUse)) log(line);
    } catch (failure) {
      log(`worktrees: ${asForgeError(failure).message}`);
    }
  }

  /** Sends the whole view at once, then the slices that change. */
  watch(listener: (slices: Partial<ProjectView>) => void): Promise<Disposable> {
    return this.#feed.watch(listener);
  }

  #hear(session: string, report: AgentReport): void {
    this.#silence.heard(session);
    this.#stuck.heard(session, report);
    if (report.type === 'usage') this.#heard.add(session);
    else if (report.type !== 'action') this.#driver.hearing.hear(session, report);
    this.#turns.hear(this.#runOf(session), report, this.#startedAt);
    this.#enforcing ??= setTimeout(() => this.#enforce(), gatherMs);
    this.#feed.changed();
  }

  #runOf(session: string): string | undefined {
    return this.#options.host.known().find(({ id }) => id === session)?.labels.run;
  }

  /** Once for many reports: a record that is read for the first time tells thousands of calls at once. */
  #enforce(): void {
    if (this.#enforcing) clearTimeout(this.#enforcing);
    this.#enforcing = null;
    const sessions = new Set(this.#heard);
    this.#heard.clear();
    this.#budgets.enforce(this.#driver, sessions);
  }

  #poll(): void {
    const revision = this.#stored.revision();
    this.#polls += 1;
    if (revision === this.#revision && this.#polls % pollsPerLook !== 0) return;
    this.#revision = revision;
    // Not the store alone says what may be spent: so do the settings, and midnight.
    this.#enforce();
    this.#limits.look();
    this.#silence.look();
    this.#fallbacks.look();
    this.#stuck.look();
    this.#runLimits.look();
    this.#driver.lookAtUnreadable();
    this.#upkeep.look();
    void this.#driver.startQueued();
    void this.#oldRuns.look();
    this.#driver.lookAtMerges();
    this.#radar.poll();
    this.#feed.changed();
  }

  async #view(): Promise<Partial<ProjectView>> {
    const { host } = this.#options;
    const { project, settings, store, batches } = this.context;
    const { today, total, runs } = this.#budgets.spending;
    return {
      project: { ...project, mode: settings.mode },
      workers: await workerList.run(this.context, {}),
      ...this.#stored.views(),
      batches: batches.list(),
      // Left out until it can be known: who types into a session must not be told that it is gone.
      ...(host.isKnown ? { sessions: this.#sessionViews() } : {}),
      costs: { today, total, runs: Object.fromEntries(runs) },
      messages: messageViews(store.messages),
      radar: this.#radar.view,
      gates: Object.fromEntries(
        store.runs
          .live()
          .flatMap(({ id, status }) => (status === 'gating' ? [[id, this.context.gates.running(id)]] : [])),
      ),
      problems: [
        ...this.#options.context.problems(),
        ...this.#budgets.problems(),
        ...[...this.#driver.unreadable].map(
          ([run, why]) => `Run ${run} needs attention: its record cannot be read. ${why}`,
        ),
      ],
    };
  }

  #sessionViews(): SessionView[] {
    return this.#sessions.views().map((view) => ({ ...view, silentSince: this.#silence.since(view.id) }));
  }

  dispose(): void {
    if (this.#enforcing) clearTimeout(this.#enforcing);
    this.#held.dispose();
    this.#options.spending.forget(this.context.project.name);
    this.#options.context.dispose();
  }
}
