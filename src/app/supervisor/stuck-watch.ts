import { setTimeout as pause } from 'node:timers/promises';
import { asForgeError } from '../../base/errors.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { isPersonThere } from '../../domain/fallback.ts';
import { type Action, findLoop, loopActionsMax } from '../../domain/loops.ts';
import { stuckPrompt } from '../../domain/prompt.ts';
import { hasAgentAtWork, type Run, type RunEvent } from '../../domain/run.ts';
import type { SessionFacts, SessionStatus } from '../../domain/session.ts';
import {
  stuckActor as by,
  countsSince,
  nextStep,
  openStepBack,
  type StepBack,
  type StuckStep,
} from '../../domain/stuck.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import type { MessageDriver } from './message-driver.ts';
import type { RunControl } from './run-control.ts';

/** How long an agent that was told to stop may take, in ms, before it is left to a person. */
const stopMs = 10_000;
const lookMs = 200;

export interface StuckWatchOptions {
  context: Pick<OperationContext, 'settings' | 'store'>;
  runs: Pick<RunControl, 'pause' | 'resume' | 'fallBack' | 'interrupt' | 'settle'>;
  messages: Pick<MessageDriver, 'send'>;
  checkpoints: Pick<CheckpointControl, 'rewindAtRest'>;
  factsOf: (session: string) => SessionFacts | null;
  statusOf: (session: string) => SessionStatus | null;
  clock: Clock;
  log: (line: string) => void;
}

/**
 * Sees agents that do the same again and again. Judged is what an agent does now: not what it did before it was told something, nor
 * while a person types there. None of them is ended without a word.
 */
export class StuckWatch {
  readonly #options: StuckWatchOptions;
  /** The newest that agents did, by session. */
  readonly #actions = new Map<string, Map<string, Action>>();
  /** Runs for which a step is being taken. */
  readonly #busy = new Set<string>();
  #hasGoneOn = false;

  constructor(options: StuckWatchOptions) {
    this.#options = options;
  }

  heard(session: string, report: AgentReport): void {
    if (report.type !== 'action') return;
    const actions = this.#actions.get(session) ?? new Map<string, Action>();
    actions.set(report.key, report);
    for (const key of [...actions.keys()].slice(0, -loopActionsMax)) actions.delete(key);
    this.#actions.set(session, actions);
  }

  look(): void {
    const { store } = this.#options.context;
    if (!this.#hasGoneOn) this.#goOn();
    const working = store.runs.live().filter(({ status }) => hasAgentAtWork(status));
    const sessions = new Set(working.map(({ session }) => session));
    for (const session of this.#actions.keys()) if (!sessions.has(session)) this.#actions.delete(session);
    for (const run of working) if (!this.#busy.has(run.id)) this.#lookAt(run);
  }

  #lookAt(run: Run): void {
    const { context, statusOf, factsOf, clock } = this.#options;
    const actions = [...(this.#actions.get(run.session)?.values() ?? [])];
    const facts = factsOf(run.session);
    if (statusOf(run.session)?.state !== 'busy' || !facts || isPersonThere(facts, clock())) return;
    const events = context.store.runs.events(run.id);
    if (this.#isUnsaid(run, events.at(-1))) {
      this.#nudge(run, String(events.at(-1)?.payload.reason));
      return;
    }
    const since = countsSince(events, context.store.words.get(run.session)?.promptAt ?? null);
    const evidence = findLoop(actions.filter(({ at }) => at > since));
    const step = evidence === null ? null : nextStep(context.settings.stuck.steps, events);
    if (evidence !== null && step !== null) this.#step(run, step, evidence);
  }

  /** Killed after it was noted that the agent is told, and before it was. */
  #isUnsaid({ session }: Run, newest: RunEvent | undefined): boolean {
    if (newest?.type !== 'run.stuck' || newest.payload.step !== 'nudge') return false;
    return !this.#isTold(session, newest.at);
  }

  #isTold(session: string, since: number): boolean {
    const said = this.#options.context.store.messages.list(session);
    return said.some(({ actor, createdAt }) => actor === by && createdAt >= since);
  }

  /** One that cannot be taken asks. */
  #step(run: Run, step: StuckStep, evidence: string): void {
    const { context, runs, log } = this.#options;
    context.store.runs.note(run.id, { type: 'run.stuck', step, reason: evidence, by });
    log(`${run.id}: stuck, ${step}: ${evidence}`);
    if (step === 'nudge') this.#nudge(run, evidence);
    else if (step === 'rewind') this.#take(run, this.#rewind(run, evidence));
    else if (step === 'ask' || !runs.fallBack(run.id, { cause: 'stuck', reason: `It was stuck: ${evidence}` })) {
      const next = `Tell it more in its pane, look at what it did, or let it go on: forge resume ${run.id}`;
      runs.pause(run.id, `It seems to be stuck: ${evidence} ${next}`, by, true);
    }
  }

  /** Queued before it is stopped: who is at work would hear it when it is too late. */
  #nudge(run: Run, evidence: string): void {
    const { runs, messages } = this.#options;
    const say = messages.send([run.session], stuckPrompt(evidence), [], by);
    this.#take(
      run,
      say.then(() => runs.interrupt(run.id)),
    );
  }

  async #rewind(run: Run, evidence: string): Promise<void> {
    const { runs, clock } = this.#options;
    const since = clock();
    const doing = 'Its work is being taken back; if this stays, look at it and let it go on.';
    runs.pause(run.id, `It seems to be stuck: ${evidence} ${doing}`, by);
    await this.#stepBack(run, { evidence, since, isTakenBack: false });
  }

  /** With what a killed supervisor had begun, as soon as it can be known who is at rest. */
  #goOn(): void {
    const { context, runs } = this.#options;
    this.#hasGoneOn = true;
    runs.settle().then(
      () => {
        for (const run of context.store.runs.live()) {
          const begun = openStepBack(context.store.runs.events(run.id));
          if (begun && !this.#busy.has(run.id)) this.#take(run, this.#stepBack(run, begun));
        }
      },
      () => {
        this.#hasGoneOn = false;
      },
    );
  }

  /** Each part is passed over when it was done before a kill. One that fails leaves the run paused. */
  async #stepBack(run: Run, { evidence, since, isTakenBack }: StepBack): Promise<void> {
    const { context, runs, messages, checkpoints } = this.#options;
    if (!isTakenBack) {
      try {
        await this.#untilRest(run);
        await checkpoints.rewindAtRest(run, null, by, since);
        runs.resume(run.id, by);
      } catch (failure) {
        context.store.runs.note(run.id, { type: 'rewind.failed', reason: asForgeError(failure).sentence, by });
        throw failure;
      }
    }
    const { session } = context.store.runs.get(run.id);
    if (session === run.session && !this.#isTold(session, since))
      await messages.send([session], stuckPrompt(evidence, true), [], by);
  }

  async #untilRest({ session }: Run): Promise<void> {
    const { statusOf, clock } = this.#options;
    const until = clock() + stopMs;
    while (statusOf(session)?.state === 'busy' && clock() < until) await pause(lookMs);
  }

  #take(run: Run, step: Promise<unknown>): void {
    this.#busy.add(run.id);
    step
      .catch((failure: unknown) => this.#options.log(`${run.id}: stuck: ${asForgeError(failure).message}`))
      .finally(() => this.#busy.delete(run.id));
  }
}
