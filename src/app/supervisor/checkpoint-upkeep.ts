import { asForgeError } from '../../base/errors.ts';
import { type Checkpoint, outlived, readRef, refOf } from '../../domain/checkpoint.ts';
import { isRunEnded } from '../../domain/run.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';

/** How often it is looked whether something is old enough to go, in ms. */
const pruneEveryMs = 60 * 60 * 1000;

/** Refs that are removed by one call of git. */
const batchSize = 200;

export interface CheckpointUpkeepOptions {
  context: OperationContext;
  clock: Clock;
  log: (line: string) => void;
}

/** Puts rows and refs of checkpoints right after a kill, and removes those that have been there for long enough. */
export class CheckpointUpkeep {
  readonly #options: CheckpointUpkeepOptions;
  #prunedAt = 0;

  constructor(options: CheckpointUpkeepOptions) {
    this.#options = options;
  }

  async mend(): Promise<void> {
    const { context, log } = this.#options;
    const { checkpoints } = context.store;
    const { snapshots } = context.git;
    for (const noted of checkpoints.inState('noted')) {
      // A commit that is gone: git collected what no ref held yet.
      const isMade = await snapshots.makeRef(refOf(noted), noted.commit).catch(() => false);
      if (isMade) checkpoints.setState(noted, 'made');
      else checkpoints.remove(noted);
      log(`${noted.run}: ${noted.kind} ${noted.number} was ${isMade ? 'finished' : 'given up'}`);
    }
    await this.#remove(checkpoints.inState('going'));
    await this.#adopt();
  }

  /** Now and then. */
  look(): void {
    const { clock, log } = this.#options;
    if (clock() - this.#prunedAt < pruneEveryMs) return;
    this.#prunedAt = clock();
    this.prune().catch((failure: unknown) => log(`old checkpoints: ${asForgeError(failure).message}`));
  }

  async prune(): Promise<void> {
    const { context, clock, log } = this.#options;
    const { checkpoints, runs } = context.store;
    const live = new Set(runs.live().map(({ id }) => id));
    const all = [...checkpoints.list(null, 'checkpoints'), ...checkpoints.list(null, 'kept')];
    const open = new Set(
      checkpoints.openRewinds().flatMap(({ run, target, kept }) => [target, `refs/forge/kept/${run}/${kept}`]),
    );
    const old = outlived(all, { ...context.settings.keep, now: clock(), isLive: (run) => live.has(run) });
    const lastOf = this.#lastOfTasks(all);
    const going: Checkpoint[] = [];
    for (const checkpoint of old) {
      if (open.has(refOf(checkpoint))) continue;
      if (lastOf.has(checkpoint) && !(await this.#isMerged(checkpoint))) continue;
      going.push(checkpoint);
    }
    for (const checkpoint of going) checkpoints.setState(checkpoint, 'going');
    await this.#remove(going);
    if (going.length > 0) log(`${going.length} checkpoints and kept states were old, and are removed`);
  }

  /** The newest kept state of each task, or its newest checkpoint when nothing is kept. */
  #lastOfTasks(all: readonly Checkpoint[]): ReadonlySet<Checkpoint> {
    const taskOf = new Map(this.#options.context.store.runs.list().map(({ id, task }) => [id, task]));
    const last = new Map<string, Checkpoint>();
    for (const checkpoint of all.toSorted((a, b) => a.at - b.at || a.number - b.number)) {
      const task = taskOf.get(checkpoint.run) ?? checkpoint.run;
      if (checkpoint.kind === 'kept' || last.get(task)?.kind !== 'kept') last.set(task, checkpoint);
    }
    return new Set(last.values());
  }

  #isMerged({ commit }: Checkpoint): Promise<boolean> {
    return this.#options.context.git.snapshots.isMerged(commit, 'HEAD').catch(() => false);
  }

  /** Rows that are `going` already: the ref, then the row. */
  async #remove(going: readonly Checkpoint[]): Promise<void> {
    const { store, git } = this.#options.context;
    for (let at = 0; at < going.length; at += batchSize) {
      const batch = going.slice(at, at + batchSize);
      await git.snapshots.removeRefs(batch.map(refOf));
      for (const checkpoint of batch) store.checkpoints.remove(checkpoint);
    }
  }

  /** Kept work without a row, of an earlier version or from before the database was lost, is known again. */
  async #adopt(): Promise<void> {
    const { context, clock } = this.#options;
    const { checkpoints, runs } = context.store;
    const known = new Set(checkpoints.list(null, 'kept').map(refOf));
    const ended = new Map(runs.list().map((run) => [run.id, isRunEnded(run.status) ? run.endedAt : null]));
    for (const [ref, commit] of await context.git.snapshots.refs('kept')) {
      const named = readRef(ref);
      if (!named || known.has(ref)) continue;
      const at = ended.get(named.run) ?? clock();
      checkpoints.adopt({ ...named, why: 'Found', commit, content: '', head: null, files: 0, leftOut: [], at });
    }
  }
}
