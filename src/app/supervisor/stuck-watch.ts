import { setTimeout as pause } from 'node:timers/promises';
import { asForgeError } from '../../base/errors.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { type Action, findLoop, loopActionsMax } from '../../domain/loops.ts';
import { stuckPrompt } from '../../domain/prompt.ts';
import { hasAgentAtWork, type Run } from '../../domain/run.ts';
import { usedUp } from '../../domain/run-limits.ts';
import type { SessionStatus } from '../../domain/session.ts';
import type { StuckStep } from '../../domain/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import type { MessageDriver } from './message-driver.ts';
import type { RunControl } from './run-control.ts';

/** Who does this, in the history of runs and of prompts. */
const by = 'supervisor';

/** How long an agent that was told to stop may take, in ms, before it is left to a person. */
const stopMs = 10_000;
const lookMs = 200;

export interface StuckWatchOptions {
  context: Pick<OperationContext, 'settings' | 'store'>;
  runs: Pick<RunControl, 'pause' | 'resume' | 'fallBack'>;
  messages: Pick<MessageDriver, 'send'>;
  checkpoints: Pick<CheckpointControl, 'rewindAtRest'>;
  statusOf: (session: string) => SessionStatus | null;
  clock: Clock;
  log: (line: string) => void;
}

/** Sees runs that have used up what they may, and agents that do the same again and again. None of them is ended. */
export class StuckWatch {
  readonly #options: StuckWatchOptions;
  /** What agents did since they were last told something, by session. */
  readonly #actions = new Map<string, Map<string, Action>>();

  constructor(options: StuckWatchOptions) {
    this.#options = options;
  }

  heard(session: string, report: AgentReport): void {
    if (report.type === 'prompt') this.#actions.delete(session);
    if (report.type !== 'action') return;
    const actions = this.#actions.get(session) ?? new Map<string, Action>();
    actions.set(report.key, report);
    for (const key of [...actions.keys()].slice(0, -loopActionsMax)) actions.delete(key);
    this.#actions.set(session, actions);
    if (findLoop([...actions.values()]) === null) return;
    const run = this.#options.context.store.runs.live().find((candidate) => candidate.session === session);
    if (!run || !hasAgentAtWork(run.status)) return;
    // Records are read again after a restart: what was done before the last step was answered by it.
    const began = this.#beganAt(run);
    const loop = findLoop([...actions.values()].filter(({ at }) => at >= began));
    if (loop === null) return;
    this.#actions.delete(session);
    this.#step(run, loop);
  }

  look(): void {
    const { context, runs, clock } = this.#options;
    const { runLimits } = context.settings;
    if (Object.values(runLimits).every((limit) => limit === null)) return;
    for (const run of context.store.runs.live()) {
      if (!hasAgentAtWork(run.status)) continue;
      const since = this.#resumedAt(run);
      const { calls, tokens } = context.store.usage.since(run.id, since);
      const reason = usedUp(runLimits, { ms: clock() - since, turns: calls, tokens });
      if (reason !== null) runs.pause(run.id, reason, by);
    }
  }

  /** The next step of the ladder; those that cannot be taken are passed over, and the last one asks. */
  #step(run: Run, evidence: string): void {
    const { context, runs, messages, log } = this.#options;
    const { steps } = context.settings.stuck;
    const taken = this.#since(run, 'run.stuck');
    const step: StuckStep = steps[taken] ?? 'ask';
    context.store.runs.note(run.id, { type: 'run.stuck', step, reason: evidence, by });
    log(`${run.id}: stuck, ${step}: ${evidence}`);
    const ask = () => runs.pause(run.id, `It seems to be stuck: ${evidence} Tell it more, or look at what it did.`, by);
    const told = (failure: unknown) => log(`${run.id}: ${step}: ${asForgeError(failure).message}`);
    if (step === 'nudge') messages.send([run.session], stuckPrompt(evidence), [], by).catch(told);
    else if (step === 'rewind') this.#rewind(run, evidence).catch(told);
    else if (step === 'ask' || !runs.fallBack(run.id, { cause: 'failure', reason: `It was stuck: ${evidence}` })) ask();
  }

  /** Killed in its middle, the run is paused and says why. */
  async #rewind(run: Run, evidence: string): Promise<void> {
    const { runs, messages, checkpoints, statusOf, clock } = this.#options;
    runs.pause(run.id, `It seems to be stuck: ${evidence} Its work is being taken back.`, by);
    const until = clock() + stopMs;
    while (statusOf(run.session)?.state === 'busy' && clock() < until) await pause(lookMs);
    await checkpoints.rewindAtRest(run, null, by);
    const { session } = runs.resume(run.id, by);
    if (session === run.session) await messages.send([session], stuckPrompt(evidence, true), [], by);
  }

  #resumedAt(run: Run): number {
    const resumed = this.#options.context.store.runs.events(run.id).findLast(({ type }) => type === 'run.resumed');
    return resumed?.at ?? run.startedAt ?? run.createdAt;
  }

  #beganAt(run: Run): number {
    const events = this.#options.context.store.runs.events(run.id);
    return events.findLast(({ type }) => type === 'run.resumed' || type === 'run.stuck')?.at ?? 0;
  }

  /** How often it happened since a person let the run go on. */
  #since(run: Run, type: string): number {
    const events = this.#options.context.store.runs.events(run.id);
    const resumed = events.findLastIndex((event) => event.type === 'run.resumed' && event.payload.by !== by);
    return events.slice(resumed + 1).filter((event) => event.type === type).length;
  }
}
