import { asForgeError, ForgeError } from '../../base/errors.ts';
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
import { movingStatuses } from './at-rest.ts';
import { completionOf, gatesOf, missingGatesOf } from './completion.ts';
import { newSession } from './fall-back.ts';
import type { HostLink } from './host-link.ts';
import { worktreeGone } from './worktree-gone.ts';

export interface GateEffectsOptions {
  context: OperationContext;
  host: HostLink;
  setup: WorktreeSetup;
  log: (line: string) => void;
  onEvent: (run: string, event: RunMachineEvent, note?: Record<string, unknown>) => void;
}

/** Runs the gates of runs whose work is complete. */
export class GateEffects {
  readonly #options: GateEffectsOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: GateEffectsOptions) {
    this.#options = options;
    const { gates, store } = options.context;
    // Nobody waits for those by hand any more, and those of a run's life begin anew.
    gates
      .endLeft((run) => store.runs.find(run)?.worktree ?? null)
      .catch((failure: unknown) => options.log(`gates: ${asForgeError(failure).message}`));
  }

  /** Ends gates whose result nobody waits for: the run has gone on, or is to run them anew. */
  leave(run: string): void {
    this.#running.get(run)?.abort();
    this.#running.delete(run);
  }

  async run(run: Run, step: RunStep): Promise<void> {
    const { context, onEvent } = this.#options;
    const gone = worktreeGone(context, run);
    if (gone !== null) return onEvent(run.id, { type: 'gates.broken', attempt: step.attempt, reason: gone });
    const gates = gatesOf(context, run);
    const ran = await this.#run(run, gates, missingGatesOf(context, run));
    if (ran) await this.#tell(run, step, gates, ran);
  }

  /** By hand, all of them or the named one: the run stays as it is. Gives which time of running its gates it was. */
  async tryOut(run: Run, name: string | null, by: string): Promise<number> {
    const { context } = this.#options;
    const gates = this.#asked(run, name);
    const ran = await this.#run(run, gates, []);
    if (!ran) throw atWork(run, 'its work is complete, and its gates have begun anew');
    const { results, ...note } = noteOf(ran);
    const bad = results.find(({ type }) => type !== 'passed');
    const reason = bad ? `Gate ${bad.gate}: ${bad.reason}` : 'The gates pass.';
    context.store.runs.note(run.id, { type: 'gates.tried', by, reason, results, ...note });
    return ran.time;
  }

  #asked(run: Run, name: string | null): readonly Gate[] {
    const { context } = this.#options;
    const { store } = context;
    if (movingStatuses.includes(run.status)) throw atWork(run, `it is ${run.status}`);
    if (this.#running.has(run.id)) throw atWork(run, 'they run already');
    const other = store.runs.live().find(({ id, worktree }) => id !== run.id && worktree === placeOf(run).path);
    if (other) throw new ForgeError('run.state', `Run ${other.id} works in the worktree of ${run.id}.`);
    const gone = worktreeGone(context, run);
    if (gone !== null) throw new ForgeError('worktree.missing', gone);
    const all = gatesOf(context, run);
    const asked = name === null ? all : all.filter((gate) => gate.name === name);
    if (asked.length > 0) return asked;
    const next = all.length > 0 ? `It has: ${all.map((gate) => gate.name).join(', ')}.` : 'Set some with `gates:`.';
    throw new ForgeError('gate.missing', `Run ${run.id} has no gate${name === null ? 's' : ` ${name}`}.`, { next });
  }

  /** Null: nobody waits for the result any more. */
  async #run(run: Run, gates: readonly Gate[], missing: readonly string[]): Promise<Ran | null> {
    const { context, setup } = this.#options;
    const worktree = placeOf(run);
    this.leave(run.id);
    const stop = new AbortController();
    this.#running.set(run.id, stop);
    try {
      const ports = portVariables(await setup.ports(worktree.path, context.settings.worktrees.ports));
      const env = { ...ports, FORGE_TASK: run.task, FORGE_RUN: run.id };
      const before = await filesOf(context, worktree);
      const time = 1 + Math.max(0, ...context.gates.logs(run.id).map(({ attempt }) => attempt));
      const place = { run: run.id, worktree: worktree.path, attempt: time, env };
      const results =
        missing.length > 0
          ? missing.map(notThere)
          : await context.gates.run(place, gates, stop.signal).catch((failure: unknown) => [notRun(failure)]);
      if (stop.signal.aborted) return null;
      const after = await filesOf(context, worktree);
      const changed = [...after].flatMap(([path, lines]) => (before.get(path) === lines ? [] : [path]));
      const { content: work } = await context.git.snapshots.take(worktree, { message: 'look' });
      return { time, results, changed, work };
    } finally {
      if (this.#running.get(run.id) === stop) this.#running.delete(run.id);
    }
  }

  async #tell(run: Run, { attempt, failures }: RunStep, gates: readonly Gate[], ran: Ran): Promise<void> {
    const { context, host, onEvent } = this.#options;
    const note = noteOf(ran);
    const broken = ran.results.find(({ type }) => type === 'broken');
    const failed = ran.results.find(({ type }) => type === 'failed');
    if (broken) {
      const reason = `Gate ${broken.gate}: ${broken.reason} Correct it in the settings, then let the run go on.`;
      onEvent(run.id, { type: 'gates.broken', attempt, reason }, note);
    } else if (failed) {
      const { gate, output } = failed;
      const { rounds: roundsMax = 0, onFailure = 'ask' } = gates.find(({ name }) => name === gate) ?? {};
      // Who was told and changed nothing will not do so when told again.
      const told = context.store.runs.events(run.id).findLast(({ type }) => type === 'gates.failed')?.payload;
      const isUnchanged = told?.gate === gate && told.work === ran.work && failures[gate] !== undefined;
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

/** What came of running gates once. */
interface Ran {
  /** Which time it was, of this run, counted from 1: so its logs are named. */
  time: number;
  results: readonly GateResult[];
  /** Files that the gates changed. */
  changed: readonly string[];
  /** The content of the worktree after them. */
  work: string;
}

/** For the history: not what gates wrote, which is in their logs. */
function noteOf({ time, results, changed, work }: Ran) {
  const told = results.map(({ gate, type, reason, ms }) => ({ gate, type, reason, ms }));
  return { time, results: told, work, ...(changed.length > 0 ? { changed } : {}) };
}

function atWork({ id }: Run, why: string): ForgeError {
  const next = `See how they go: forge gate list ${id}`;
  return new ForgeError('run.state', `The gates of run ${id} are not run by hand now: ${why}.`, { next });
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
