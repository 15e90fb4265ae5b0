import { asForgeError } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { backgroundVariable } from '../../domain/background.ts';
import { portVariables } from '../../domain/ports.ts';
import {
  forkPrompt,
  type GroundTruth,
  promptFor,
  resumePrompt,
  reviewPrompt,
  takeOverPrompt,
} from '../../domain/prompt.ts';
import type { Run, RunEvent } from '../../domain/run.ts';
import type { SessionFacts } from '../../domain/session.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { RunStep } from '../../machines/run-step.ts';
import type { LaunchRequest } from '../../ports/agent.ts';
import type { AgentUse } from '../../ports/agents.ts';
import type { Delivery } from '../../ports/delivery.ts';
import type { Worktree } from '../../ports/git.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';
import { aimOf } from '../operations/run/aim.ts';
import { worktreeOf } from '../operations/run/read.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import { complaintOf } from './fix-words.ts';
import { forkHolder, forkOf } from './fork-run.ts';
import type { HostLink } from './host-link.ts';
import { wordsOfReview } from './send-back.ts';
import type { WorktreeMaker } from './worktree-maker.ts';

/** Size of a session until somebody looks at it. */
const unseenCols = 100;
const unseenRows = 30;

/** How long an agent may take to end before it is killed. */
const endGraceMs = 3_000;

export interface RunEffectsOptions {
  context: OperationContext;
  host: HostLink;
  setup: WorktreeSetup;
  checkpoints: CheckpointControl;
  delivery: Delivery;
  maker: Pick<WorktreeMaker, 'make'>;
  isAtWork: (run: Run) => boolean;
  /** It is still to work in the session that it had. */
  wantsSession: (run: Run) => boolean;
  onEvent: (run: string, event: RunMachineEvent) => void;
  onFacts: (facts: SessionFacts) => void;
  onChange: () => void;
  /** Prompts that wait for a session, or were not answered there, are those of another from now on; `isSaidAgain`: to be typed again. */
  movePrompts: (from: string, to: string, isSaidAgain: boolean) => void;
}

/** Makes true what the state of a run declares. Each is safe to repeat, also after a kill in its middle. */
export class RunEffects {
  readonly #options: RunEffectsOptions;
  /** Setup commands that run for a run. */
  readonly #setups = new Map<string, AbortController>();

  constructor(options: RunEffectsOptions) {
    this.#options = options;
  }

  async worktree(run: Run): Promise<void> {
    const { context, maker, delivery, onEvent } = this.#options;
    await this.#endEarlier(run);
    const stop = new AbortController();
    this.#setups.set(run.id, stop);
    try {
      const { path, branch, base } = await maker.make(run, stop.signal);
      const { deliverTo, worktrees } = context.settings;
      const aim = aimOf(context.store, run) ?? (await delivery.aim(deliverTo.remote, worktrees.base));
      onEvent(run.id, { type: 'worktree.prepared', path, branch, base, aim });
    } catch (failure) {
      onEvent(run.id, { type: 'worktree.failed', reason: asForgeError(failure).sentence });
    } finally {
      this.#setups.delete(run.id);
    }
  }

  async session(run: Run, step: RunStep): Promise<void> {
    const { context, host, checkpoints, onEvent, onFacts } = this.#options;
    const { store, project, settings } = context;
    const known = (await host.reached()).find((facts) => facts.id === run.session);
    if (known) return onFacts(known);
    if (step.isSessionStarted) return onEvent(run.id, { type: 'session.lost' });
    const labels = { run: run.id, task: run.task, worker: run.worker, agent: run.agent, project: project.root };
    try {
      await checkpoints.before(run.id, turnOf(run, store.runs.events(run.id)));
      const { conversation, command, env: own } = await this.#launch(run);
      // It was accepted or cancelled meanwhile: nothing may begin to work after what is kept was kept.
      if (!this.#options.wantsSession(run)) return;
      // Before the start: whatever is killed from now on, the conversation can be found again.
      if (conversation !== null) store.runs.setConversation(run.id, conversation);
      const size = { cols: unseenCols, rows: unseenRows };
      const { transcript } = settings;
      const env = { ...backgroundVariable(settings.background, context.environment()), ...own };
      const spec = { id: run.session, command, env, cwd: run.worktree as string, labels, transcript, ...size };
      onFacts(await host.ensure(spec));
    } catch (failure) {
      const error = asForgeError(failure);
      // Out of reach is not refused: whether the session was started is asked again when the host is back.
      if (error.code === 'host.unreachable') throw error;
      onEvent(run.id, { type: 'session.refused', reason: error.sentence });
    }
  }

  async interrupted(run: Run): Promise<void> {
    const { context, host, isAtWork } = this.#options;
    const facts = (await host.reached()).find(({ id }) => id === run.session);
    // What a program left that has ended is not to go on either.
    if (facts && facts.endedAt !== null) await this.#endSessions(run, ({ id }) => id === run.session);
    const keys = context.agents.adapterOfOrNull(run.agent)?.interruptKeys ?? null;
    if (keys === null || !isAtWork(run)) return;
    // Marked, each time anew: nobody is at the keyboard for it. The mark of a prompt stays in front: it is not typed twice.
    const last = facts?.marked?.mark.split('/').slice(0, 2).join('/') ?? 'none';
    await host.send(run.session, keys, { mark: `${last}/stop-${randomId(8)}`, yieldsToDraft: false });
  }

  /** With all that their programs started. */
  endSessions(run: Run): Promise<void> {
    return this.#endSessions(run, () => true);
  }

  async ended(run: Run): Promise<void> {
    const { context, checkpoints } = this.#options;
    this.#setups.get(run.id)?.abort();
    await this.endSessions(run);
    const worktree = worktreeOf(run);
    if (!worktree || (await this.#isGone(worktree))) return;
    await checkpoints.keep(run, 'the end of the run');
    context.store.runs.setDiffStat(run.id, await context.git.diffStat(worktree));
    this.#options.onChange();
  }

  /** Somebody removed it: nothing is left to keep. One that has only lost its pointer still has the work. */
  async #isGone(worktree: Worktree): Promise<boolean> {
    const { snapshots, worktrees } = this.#options.context.git;
    return !snapshots.isThere(worktree) && !(await worktrees.look(worktree)).isThere;
  }

  /** Sessions of the run that live, of the present agent and of earlier ones. */
  aliveOf(run: Run): SessionFacts[] {
    return this.#sessionsOf(run).filter(({ endedAt }) => endedAt === null);
  }

  #sessionsOf(run: Run): SessionFacts[] {
    const { host, context } = this.#options;
    const isOf = ({ labels }: SessionFacts) => labels.run === run.id && labels.project === context.project.root;
    return host.known().filter(isOf);
  }

  /** With all that their programs started; of those that have ended, what they left. */
  async #endSessions(run: Run, isMeant: (facts: SessionFacts) => boolean): Promise<void> {
    const { host } = this.#options;
    await host.reached();
    const kill = async ({ id }: SessionFacts) => {
      try {
        await host.kill(id, endGraceMs);
      } catch (failure) {
        // One of an earlier host: that one, or the one after it, has ended what was left.
        if (asForgeError(failure).code !== 'session.ended') throw failure;
      }
    };
    await Promise.all(this.#sessionsOf(run).filter(isMeant).map(kill));
  }

  /** Two agents never work in one worktree: one that could not go on has ended before the next begins. */
  async #endEarlier(run: Run): Promise<void> {
    if (!goesOn(this.#options.context.store.runs.events(run.id))) return;
    await this.#endSessions(run, ({ id }) => id !== run.session);
  }

  /** Goes on with the conversation of a resumed run if its program still has it; otherwise begins one in what is there. */
  async #launch(run: Run) {
    const { agents, store } = this.#options.context;
    const task = store.tasks.get(run.task);
    const events = store.runs.events(run.id);
    const going = goesOn(events);
    if (!going) return this.#launchFirst(run);
    const resume = (await agents.holdsConversation(run, run)) ? run.conversation : null;
    for (const earlier of sessionsBefore(events, run.session))
      this.#options.movePrompts(earlier, run.session, resume === null);
    const complaint = run.status === 'fixing' ? complaintOf(events)?.words : undefined;
    const review = wordsOfReview(store, run);
    if (review) return this.#startReviewed(run, [complaint, review.words].filter(Boolean).join('\n\n'), resume);
    const words = resume === null ? takeOverPrompt : resumePrompt;
    return this.#start(run, { prompt: words(task, await this.#groundTruth(run), complaint ?? whyOf(going)), resume });
  }

  async #launchFirst(run: Run) {
    const { agents, store } = this.#options.context;
    const task = store.tasks.get(run.task);
    const fork = forkOf(store, run.id)?.fork;
    const review = fork ? null : wordsOfReview(store, run);
    if (review) return this.#startReviewed(run, review.words, null);
    if (!fork) return this.#start(run, { prompt: promptFor(task) });
    const ground = await this.#groundTruth(run);
    const holder = forkHolder(this.#options.context, run, store.runs.find(fork.of));
    const isThere = await agents.holdsConversation(holder, { ...run, conversation: fork.conversation });
    if (!isThere) return this.#start(run, { prompt: takeOverPrompt(task, ground) });
    return this.#start(run, { prompt: forkPrompt(task, ground, fork), fork: fork.conversation, forkHolder: holder });
  }

  async #startReviewed(run: Run, words: string, resume: string | null) {
    const task = this.#options.context.store.tasks.get(run.task);
    const prompt = reviewPrompt(task, await this.#groundTruth(run), { words, isOpen: resume !== null });
    return this.#start(run, { prompt, resume });
  }

  async #start(
    run: Run,
    {
      prompt,
      resume = null,
      fork = null,
      forkHolder: holder,
    }: Pick<LaunchRequest, 'prompt'> & Partial<Pick<LaunchRequest, 'resume' | 'fork'>> & { forkHolder?: AgentUse },
  ) {
    const { agents, project } = this.#options.context;
    const worktree = run.worktree as string;
    const ofWorktree = await this.#portVariables(worktree);
    const place = { session: run.session, worktree, repository: project.root, task: run.task, run: run.id };
    return agents.launch(run, { ofWorktree, prompt, resume, fork, forkHolder: holder, ...place });
  }

  async #portVariables(worktree: string): Promise<Record<string, string>> {
    const { setup, context } = this.#options;
    return portVariables(await setup.ports(worktree, context.settings.worktrees.ports));
  }

  async #groundTruth(run: Run): Promise<GroundTruth> {
    const worktree = worktreeOf(run);
    if (!worktree) throw new Error(`Run ${run.id} has no worktree.`);
    const { files } = await this.#options.context.git.diffStat(worktree);
    return { branch: worktree.branch, files: files.map(({ path }) => path) };
  }
}

/** The first is named by the event that began the run. */
function sessionsBefore(events: readonly RunEvent[], session: string): string[] {
  const all = events.flatMap(({ payload }) => [payload.firstSession, payload.session]);
  return [...new Set(all.filter((id) => typeof id === 'string'))].filter((id) => id !== session);
}

/** The newest event by which the run goes on in another session; undefined: it is in its first. */
function goesOn(events: readonly RunEvent[]): RunEvent | undefined {
  return events.findLast(({ payload }) => typeof payload.session === 'string');
}

/** What a session begins with, in a few words. */
function turnOf({ status }: Run, events: readonly RunEvent[]): string {
  const going = goesOn(events);
  if (status === 'fixing') return 'mending what a gate said';
  if (!going) return 'its work';
  return going.type === 'run.fellBack' ? 'another agent took over' : 'it went on';
}

/** What the agent that takes over is told of the one before; undefined: there is nothing to say. */
function whyOf({ type, payload }: RunEvent): string | undefined {
  if (type !== 'run.fellBack') return undefined;
  return `The agent ${payload.from} began this work and could not go on. ${payload.reason}`;
}
