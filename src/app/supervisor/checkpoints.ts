import { asForgeError, ForgeError } from '../../base/errors.ts';
import { inTurn } from '../../base/keyed-queue.ts';
import {
  brokenOff,
  type Checkpoint,
  type CheckpointKind,
  lastUnlike,
  type Rewound,
  readRef,
  refOf,
} from '../../domain/checkpoint.ts';
import type { Run } from '../../domain/run.ts';
import type { SessionStatus } from '../../domain/session.ts';
import type { Worktree } from '../../ports/git.ts';
import type { OpenRewind } from '../../ports/store.ts';
import type { OperationContext } from '../context.ts';
import { placeOf, worktreeOf } from '../operations/run/read.ts';
import { whyNotAtRest } from './at-rest.ts';
import type { CheckpointControl } from './checkpoint-control.ts';

/** A prompt waits for its checkpoint no longer than this, in ms; the checkpoint is made all the same. */
const waitMsMax = 5_000;

/** Refs that something else made in the place of a new one; more is a fault. */
const attemptsMax = 20;

export interface CheckpointsOptions {
  context: OperationContext;
  /** What a session is doing; null: the host does not know it. */
  statusOf: (session: string) => SessionStatus | null;
  log: (line: string) => void;
  onChange: () => void;
}

/** See the port. Whatever changes a worktree or what is kept of it is in the store before it is done. */
export class Checkpoints implements CheckpointControl {
  readonly #options: CheckpointsOptions;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  async before(id: string, why: string): Promise<void> {
    const { context, log } = this.#options;
    const run = context.store.runs.list().find((candidate) => candidate.id === id);
    if (!run?.worktree) return;
    // Nobody begins in a worktree that is being taken back, however long that takes.
    await inTurn(`state ${run.worktree}`, async () => {});
    const made = this.checkpoint(run, why).catch((failure: unknown) => {
      log(`${id}: no checkpoint before ${why}: ${asForgeError(failure).message}`);
    });
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMsMax);
    await Promise.race([made, late]);
    clearTimeout(timer);
  }

  checkpoint(run: Run, why: string): Promise<Checkpoint | null> {
    const worktree = worktreeOf(run);
    if (!worktree) return Promise.resolve(null);
    return inTurn(`state ${worktree.path}`, () => this.#add(run, worktree, 'checkpoints', why));
  }

  keep(run: Run, why: string): Promise<Checkpoint> {
    const worktree = placeOf(run);
    return inTurn(`state ${worktree.path}`, () => this.#add(run, worktree, 'kept', why));
  }

  rewind(run: Run, number: number | null, by: string, since: number): Promise<Rewound> {
    return this.#rewind(run, number, by, () => {}, since);
  }

  async rewindAtRest(run: Run, wanted: number | null | { ref: string }, by: string, since?: number): Promise<Rewound> {
    const { context, statusOf } = this.#options;
    const refuse = () => {
      const present = context.store.runs.get(run.id);
      const reason = whyNotAtRest(present, context.store.runs.live(), statusOf(present.session));
      if (reason) throw new ForgeError('run.state', reason.message, { next: reason.next });
    };
    refuse();
    return this.#rewind(run, wanted, by, refuse, since);
  }

  /** Goes on with what a killed supervisor had begun. What is asked of these worktrees from now on waits for it. */
  async finishRewinds(): Promise<void> {
    const { context, log } = this.#options;
    const finish = async (open: OpenRewind) => {
      const run = context.store.runs.get(open.run);
      const worktree = placeOf(run);
      await inTurn(`state ${worktree.path}`, async () => {
        const to = await this.#byRef(open.target);
        // Somebody may have worked there meanwhile.
        await this.#add(run, worktree, 'kept', brokenOff, to.commit);
        await this.#finishRewind(run, worktree, open, to);
      }).catch((failure: unknown) => log(`${run.id}: ${open.target}: ${asForgeError(failure).sentence}`));
    };
    await Promise.all(context.store.checkpoints.openRewinds().map(finish));
  }

  #rewind(
    run: Run,
    wanted: number | null | { ref: string },
    by: string,
    refuse: () => void,
    since?: number,
  ): Promise<Rewound> {
    const { store, git } = this.#options.context;
    const worktree = placeOf(run);
    return inTurn(`state ${worktree.path}`, async () => {
      const done = since === undefined ? null : store.checkpoints.endedRewind(run.id, by, since);
      if (done) return { run: run.id, to: await this.#byRef(done.target), kept: await this.#byRef(keptRef(done)) };
      if (!git.snapshots.isThere(worktree)) await git.ensureWorktree(worktree.path, worktree.branch, worktree);
      const { content } = await git.snapshots.take(worktree, { message: 'look' });
      const to = await this.#find(run, wanted, content);
      if (to.content === content) return { run: run.id, to, kept: null };
      const why = `going back to ${to.kind === 'kept' ? refOf(to) : `checkpoint ${to.number}`}`;
      const kept = await this.#add(run, worktree, 'kept', why, to.commit);
      // Keeping took a moment: somebody may have begun to work there.
      refuse();
      const id = store.checkpoints.beginRewind(run.id, refOf(to), kept.number, by);
      await this.#finishRewind(run, worktree, { id, run: run.id, target: refOf(to), kept: kept.number, by }, to);
      return { run: run.id, to, kept };
    });
  }

  async #finishRewind(run: Run, worktree: Worktree, open: OpenRewind, to: Checkpoint): Promise<void> {
    const { store, git } = this.#options.context;
    try {
      await git.snapshots.restore(worktree, to.commit);
    } finally {
      // One that failed was told, and is not done again by itself later, over what was made since.
      store.checkpoints.endRewind(open.id);
    }
    const kept = keptRef(open);
    const reason = `The worktree is as it was at ${to.kind === 'kept' ? open.target : `checkpoint ${to.number}`}.`;
    store.runs.note(run.id, { type: 'worktree.rewound', to: open.target, kept, by: open.by, reason });
    store.runs.setDiffStat(run.id, await git.diffStat(worktree));
    this.#options.onChange();
  }

  async #find(run: Run, wanted: number | null | { ref: string }, content: string): Promise<Checkpoint> {
    if (wanted !== null && typeof wanted !== 'number') return this.#byRef(wanted.ref);
    const all = this.#options.context.store.checkpoints.list(run.id, 'checkpoints');
    const found = wanted === null ? lastUnlike(all, content) : all.find(({ number }) => number === wanted);
    if (found) return found;
    throw new ForgeError(
      'checkpoint.missing',
      wanted === null
        ? `Run ${run.id} has no checkpoint that differs from what is there.`
        : `Run ${run.id} has no checkpoint ${wanted}.`,
      { next: `See what there is: forge checkpoint list ${run.id}` },
    );
  }

  /** Also of a ref that nobody noted: a fork's, or one of a database that was lost. */
  async #byRef(ref: string): Promise<Checkpoint> {
    const { store, git } = this.#options.context;
    const named = readRef(ref);
    const rows = named ? store.checkpoints.list(named.run, named.kind) : [];
    const row = rows.find(({ number }) => number === named?.number);
    if (row) return row;
    const commit = (await git.snapshots.refs('kept')).get(ref);
    if (commit === undefined) throw new ForgeError('checkpoint.missing', `There is no kept work ${ref}.`);
    const { run = ref, number = 0 } = named ?? {};
    return { run, kind: 'kept', number, why: '', commit, content: '', head: null, files: 0, leftOut: [], at: 0 };
  }

  /** The row, then the ref. Nothing new when nothing has changed since the newest one. */
  async #add(run: Run, worktree: Worktree, kind: CheckpointKind, why: string, before?: string): Promise<Checkpoint> {
    const { store, git } = this.#options.context;
    const newest = store.checkpoints.list(run.id, kind).at(-1);
    const { commit, content, head, leftOut } = await git.snapshots.take(worktree, {
      message: `Work of ${run.task}`,
      known: newest ?? null,
      ...(before === undefined ? {} : { before }),
    });
    if (newest?.commit === commit) {
      // Whoever noted it was killed, or its git was, before there was a ref that holds it.
      const isHeld = !store.checkpoints.inState('noted').some((noted) => refOf(noted) === refOf(newest));
      if (isHeld) return newest;
      if (await git.snapshots.makeRef(refOf(newest), commit)) {
        store.checkpoints.setState(newest, 'made');
        return newest;
      }
    }
    const files = await git.snapshots.countChanges(newest?.commit ?? worktree.base, commit).catch(() => 0);
    const row = { run: run.id, kind, why, commit, content, head, files, leftOut };
    let numberMin = 1;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const noted = store.checkpoints.note(row, numberMin);
      if (await git.snapshots.makeRef(refOf(noted), commit)) {
        store.checkpoints.setState(noted, 'made');
        this.#options.onChange();
        return noted;
      }
      store.checkpoints.remove(noted);
      numberMin = noted.number + 1;
    }
    throw new ForgeError('git.failed', `The refs after ${kind} ${numberMin} of ${run.id} are taken`);
  }
}

function keptRef({ run, kept }: Pick<OpenRewind, 'run' | 'kept'>): string {
  return refOf({ run, kind: 'kept', number: kept });
}
