import { asForgeError } from '../../base/errors.ts';
import { portVariables } from '../../domain/ports.ts';
import { fixPrompt } from '../../domain/prompt.ts';
import type { Run } from '../../domain/run.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { RunStep } from '../../machines/run-step.ts';
import type { Delivery } from '../../ports/delivery.ts';
import type { Gates } from '../../ports/gates.ts';
import type { Worktree } from '../../ports/git.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';
import { worktreeOf } from '../operations/run/read.ts';
import { completionOf, gatesOf } from './completion.ts';
import { newSession } from './fall-back.ts';
import { complaintOf } from './fix-words.ts';
import type { HostLink } from './host-link.ts';
import type { RunEffects } from './run-effects.ts';

export interface FinishEffectsOptions {
  context: OperationContext;
  host: HostLink;
  setup: WorktreeSetup;
  gates: Gates;
  delivery: Delivery;
  work: RunEffects;
  /** Queues a prompt for a live session. */
  say: (session: string, text: string) => Promise<void>;
  onEvent: (run: string, event: RunMachineEvent) => void;
}

/** Who says to an agent what it is to mend, in the list of prompts. */
export const gateActor = 'gates';

/** Makes true what follows the work of an agent. Each is safe to repeat, also after a kill in its middle. */
export class FinishEffects {
  readonly #options: FinishEffectsOptions;
  /** Gates that run, by run. */
  readonly #running = new Map<string, AbortController>();

  constructor(options: FinishEffectsOptions) {
    this.#options = options;
  }

  /** Ends gates whose result nobody waits for: the run has gone on, or is to run them anew. */
  leave(run: string): void {
    this.#running.get(run)?.abort();
    this.#running.delete(run);
  }

  async gates(run: Run, { attempt, failures }: RunStep): Promise<void> {
    const { context, gates, setup, onEvent } = this.#options;
    const worktree = placeOf(run);
    const stop = new AbortController();
    this.#running.set(run.id, stop);
    const ports = portVariables(await setup.ports(worktree.path, context.settings.worktrees.ports));
    const env = { ...ports, FORGE_TASK: run.task, FORGE_RUN: run.id };
    const place = { run: run.id, worktree: worktree.path, attempt, env };
    const outcome = await (async () => gates.run(place, gatesOf(context, run), stop.signal))().catch(
      (failure: unknown) => ({ type: 'broken' as const, reason: asForgeError(failure).sentence }),
    );
    if (stop.signal.aborted) return;
    this.#running.delete(run.id);
    if (outcome.type === 'passed') {
      onEvent(run.id, { type: 'gates.passed', attempt, follows: completionOf(context, run) });
    } else if (outcome.type === 'broken') {
      onEvent(run.id, { type: 'gates.broken', attempt, reason: outcome.reason });
    } else {
      const { rounds = 0, onFailure = 'ask' } = gatesOf(context, run).find(({ name }) => name === outcome.gate) ?? {};
      const goesBack = (failures[outcome.gate] ?? 0) < rounds;
      const isAlive = (await this.#options.host.reached()).some(({ id, endedAt }) => id === run.session && !endedAt);
      const session = isAlive || !goesBack ? null : newSession(run);
      onEvent(run.id, { ...outcome, type: 'gates.failed', attempt, rounds, onFailure, session });
    }
  }

  /** The agent is told what is wrong: as a prompt, once, or as the first words of a session that goes on. */
  async fix(run: Run, step: RunStep): Promise<void> {
    const { context, host, work, say } = this.#options;
    const { store } = context;
    const complaint = complaintOf(store.runs.events(run.id));
    const facts = (await host.reached()).find(({ id }) => id === run.session);
    if (!complaint || facts?.endedAt !== null || complaint.session === run.session) return work.session(run, step);
    const { at, words } = complaint;
    const isSaid = store.messages
      .list(run.session)
      .some(({ actor, createdAt }) => actor === gateActor && createdAt >= at);
    if (!isSaid) await say(run.session, fixPrompt(words));
  }

  async rewound(run: Run): Promise<void> {
    const reason = `${run.reason} Its output went back to the agent as often as it may.`;
    this.#options.onEvent(run.id, { type: 'run.rewound', checkpoint: 0, kept: '', reason });
  }

  async delivery(run: Run): Promise<void> {
    const { context, delivery, work, onEvent } = this.#options;
    const { store } = context;
    // What is delivered does not change under it.
    await work.endSessions(run);
    const { delivery: kind } = completionOf(context, run);
    if (kind === 'none') {
      return onEvent(run.id, { type: 'delivery.done', reason: '', awaits: false, commit: null });
    }
    const others = store.runs.live().flatMap((other) => (other.id === run.id ? [] : (worktreeOf(other) ?? [])));
    const request = { kind, run: run.id, task: store.tasks.get(run.task), worktree: placeOf(run), others };
    const outcome = await delivery
      .deliver(request)
      .catch((failure: unknown) => ({ type: 'failed' as const, reason: asForgeError(failure).sentence }));
    onEvent(run.id, { ...outcome, type: `delivery.${outcome.type}` } as RunMachineEvent);
  }

  async merge(run: Run): Promise<void> {
    const { context, delivery, work, onEvent } = this.#options;
    await work.endSessions(run);
    const worktree = placeOf(run);
    context.store.runs.setDiffStat(run.id, await context.git.diffStat(worktree));
    const outcome = await delivery.merged(worktree);
    if (outcome === null || (outcome.type === 'missed' && outcome.reason === run.reason)) return;
    onEvent(run.id, { type: `merge.${outcome.type}`, reason: outcome.reason });
  }
}

function placeOf(run: Run): Worktree {
  const worktree = worktreeOf(run);
  if (!worktree) throw new Error(`Run ${run.id} has no worktree.`);
  return worktree;
}
