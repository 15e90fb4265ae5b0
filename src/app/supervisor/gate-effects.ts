import { asForgeError } from '../../base/errors.ts';
import type { Gate } from '../../domain/completion.ts';
import { portVariables } from '../../domain/ports.ts';
import type { Run } from '../../domain/run.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { RunStep } from '../../machines/run-step.ts';
import type { GateResult } from '../../ports/gates.ts';
import type { Worktree } from '../../ports/git.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';
import { placeOf } from '../operations/run/read.ts';
import { completionOf, gatesOf, missingGatesOf } from './completion.ts';
import { newSession } from './fall-back.ts';
import type { HostLink } from './host-link.ts';

export interface GateEffectsOptions {
  context: OperationContext;
  host: HostLink;
  setup: WorktreeSetup;
  onEvent: (run: string, event: RunMachineEvent, note?: Record<string, unknown>) => void;
}

/** Runs the gates of runs whose work is complete. */
export class GateEffects {
  readonly #options: GateEffectsOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: GateEffectsOptions) {
    this.#options = options;
  }

  /** Ends gates whose result nobody waits for: the run has gone on, or is to run them anew. */
  leave(run: string): void {
    this.#running.get(run)?.abort();
    this.#running.delete(run);
  }

  async run(run: Run, step: RunStep): Promise<void> {
    const { context, setup } = this.#options;
    const worktree = placeOf(run);
    const stop = new AbortController();
    this.#running.set(run.id, stop);
    const gates = gatesOf(context, run);
    const ports = portVariables(await setup.ports(worktree.path, context.settings.worktrees.ports));
    const env = { ...ports, FORGE_TASK: run.task, FORGE_RUN: run.id };
    const before = await filesOf(context, worktree);
    const place = { run: run.id, worktree: worktree.path, attempt: step.attempt, env };
    const missing = missingGatesOf(context, run).map(notThere);
    const results =
      missing.length > 0
        ? missing
        : await context.gates.run(place, gates, stop.signal).catch((failure: unknown) => [notRun(failure)]);
    if (stop.signal.aborted) return;
    this.#running.delete(run.id);
    const after = await filesOf(context, worktree);
    const changed = [...after].flatMap(([path, lines]) => (before.get(path) === lines ? [] : [path]));
    const { content: work } = await context.git.snapshots.take(worktree, { message: 'look' });
    await this.#tell(run, step, gates, results, { work, ...(changed.length > 0 ? { changed } : {}) });
  }

  async #tell(
    run: Run,
    { attempt, failures }: RunStep,
    gates: readonly Gate[],
    all: readonly GateResult[],
    seen: { work: string; changed?: string[] },
  ): Promise<void> {
    const { context, host, onEvent } = this.#options;
    const results = all.map(({ gate, type, reason, ms }) => ({ gate, type, reason, ms }));
    const note = { results, ...seen };
    const broken = all.find(({ type }) => type === 'broken');
    const failed = all.find(({ type }) => type === 'failed');
    if (broken) {
      const reason = `Gate ${broken.gate}: ${broken.reason} Correct it in the settings, then let the run go on.`;
      onEvent(run.id, { type: 'gates.broken', attempt, reason }, note);
    } else if (failed) {
      const { gate, output } = failed;
      const { rounds: roundsMax = 0, onFailure = 'ask' } = gates.find(({ name }) => name === gate) ?? {};
      // Who was told and changed nothing will not do so when told again.
      const told = context.store.runs.events(run.id).findLast(({ type }) => type === 'gates.failed')?.payload;
      const isUnchanged = told?.gate === gate && told.work === seen.work && failures[gate] !== undefined;
      const rounds = isUnchanged ? 0 : roundsMax;
      const goesBack = (failures[gate] ?? 0) < rounds;
      const isAlive = (await host.reached()).some(({ id, endedAt }) => id === run.session && endedAt === null);
      const session = isAlive || !goesBack ? null : newSession(run);
      const reason = `Gate ${gate}: ${failed.reason}${isUnchanged ? ' Nothing was changed since it failed before.' : ''}`;
      onEvent(run.id, { type: 'gates.failed', attempt, gate, reason, output, rounds, onFailure, session }, note);
    } else {
      onEvent(run.id, { type: 'gates.passed', attempt, follows: completionOf(context, run) }, note);
    }
  }
}

function notThere(gate: string): GateResult {
  const reason = 'The task asks for it, and the settings have none of that name.';
  return { gate, type: 'broken', reason, output: '', ms: 0 };
}

function notRun(failure: unknown): GateResult {
  return { gate: '', type: 'broken', reason: asForgeError(failure).sentence, output: '', ms: 0 };
}

/** The changed files of a worktree, each with how much of it is changed. */
async function filesOf({ git }: OperationContext, worktree: Worktree): Promise<Map<string, string>> {
  const { files } = await git.diffStat(worktree);
  return new Map(files.map(({ path, added, removed }) => [path, `${added} ${removed}`]));
}
