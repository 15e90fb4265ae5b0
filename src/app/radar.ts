import type { Disposable } from '../base/disposable.ts';
import { type MergeStep, mergeOrder, type Overlap, type RadarView, sharing, you } from '../domain/overlap.ts';
import type { Git, Worktree } from '../ports/git.ts';
import type { MergeTrials, TrialCommit } from '../ports/merge-trials.ts';

/** How many pairs are tried in one look; more are for the next. A pair takes some 30 ms of git. */
const pairsMax = 100;

interface Work {
  worktree: Worktree;
  files: readonly string[];
  /** Null: it has to be taken anew. */
  trial: TrialCommit | null;
}

type Meeting = Awaited<ReturnType<MergeTrials['meet']>>;
/** What of git cannot be read now holds up no other. */
const unknown: Meeting = { files: [], conflicts: null };

/**
 * Which works touch the same files, where, and whether they merge. Nothing is asked of git for a work that shares no file; of the others
 * only those that changed are looked at again.
 */
export class Radar implements Disposable {
  readonly #git: Git;
  readonly #works = new Map<string, Work>();
  /** By the commits of both. */
  #meetings = new Map<string, Meeting>();
  /** Files that the branch changed since the base of a run, by both commits. */
  #moved = new Map<string, string[]>();
  #isLooking = false;
  readonly #retired: TrialCommit[] = [];
  #last: { key: string; view: RadarView } | null = null;

  constructor(git: Git) {
    this.#git = git;
  }

  /** A work as it is now: its worktree, and which files differ from its base. */
  measured(name: string, worktree: Worktree, files: readonly string[]): void {
    this.#retire(this.#works.get(name));
    this.#works.set(name, { worktree, files, trial: null });
  }

  /** Only these are works from now on. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, work] of this.#works) {
      if (names.has(name)) continue;
      this.#retire(work);
      this.#works.delete(name);
    }
  }

  /** `branch`: what all is to be merged into. `isWhole` false: there were too many pairs for one look. */
  async look(branch: string | null): Promise<{ view: RadarView; isWhole: boolean }> {
    this.#isLooking = true;
    try {
      return await this.#lookOver(branch);
    } finally {
      this.#isLooking = false;
      for (const trial of this.#retired.splice(0)) trial.dispose();
    }
  }

  /** A commit that a look may still need goes when that has ended. */
  #retire(work: Work | undefined): void {
    if (!work?.trial) return;
    if (this.#isLooking) this.#retired.push(work.trial);
    else work.trial.dispose();
  }

  async #lookOver(branch: string | null): Promise<{ view: RadarView; isWhole: boolean }> {
    const target = await this.#git.trials.branch(branch);
    const goal = branch ?? 'HEAD';
    const pairs = await this.#pairs(goal, target.commit);
    const trials = new Map<string, TrialCommit>([[goal, target]]);
    for (const name of new Set(pairs.flat())) {
      const trial = trials.get(name) ?? (await this.#trialOf(name));
      if (trial) trials.set(name, trial);
    }
    const known = pairs.filter((pair) => pair.every((name) => trials.has(name)));
    const key = JSON.stringify([...trials].map(([name, { commit }]) => [name, commit]));
    if (this.#last?.key === key) return { view: this.#last.view, isWhole: true };

    const meetings = new Map<string, Meeting>();
    const overlaps: Overlap[] = [];
    let tries = 0;
    for (const between of known) {
      const [ours, theirs] = between.map((name) => trials.get(name)) as [TrialCommit, TrialCommit];
      const both = `${ours.commit} ${theirs.commit}`;
      const before = this.#meetings.get(both);
      if (!before && ++tries > pairsMax) continue;
      const meeting = before ?? (await this.#git.trials.meet(ours, theirs).catch(() => unknown));
      meetings.set(both, meeting);
      if (meeting.files.length > 0 || meeting.conflicts !== false) overlaps.push({ between, ...meeting });
    }
    this.#meetings = meetings;
    const isWhole = tries <= pairsMax;
    // A part of it says nothing of an order.
    const order = isWhole ? await this.#order(overlaps, target, goal, trials) : [];
    const view = { overlaps, order };
    this.#last = isWhole ? { key, view } : null;
    return { view, isWhole };
  }

  async #pairs(goal: string, target: string): Promise<[string, string][]> {
    const files = new Map([...this.#works].map(([name, work]) => [name, work.files]));
    const moved = new Map<string, string[]>();
    const pairs = sharing(files);
    for (const [name, { worktree, files: own }] of this.#works) {
      if (name === you || own.length === 0 || worktree.base === target) continue;
      const span = `${worktree.base} ${target}`;
      const paths = moved.get(span) ?? this.#moved.get(span) ?? (await this.#git.trials.changed(worktree.base, target));
      moved.set(span, paths);
      const isMoved = new Set(paths);
      if (own.some((path) => isMoved.has(path))) pairs.push([name, goal]);
    }
    this.#moved = moved;
    return pairs;
  }

  /** Null: its folder cannot be read now. */
  async #trialOf(name: string): Promise<TrialCommit | null> {
    const work = this.#works.get(name);
    if (!work) return null;
    const trial = work.trial ?? (await this.#git.trials.commit(work.worktree).catch(() => null));
    work.trial = trial;
    // Measured anew meanwhile: this one is for this look alone.
    if (this.#works.get(name) !== work) this.#retire(work);
    return trial;
  }

  async #order(
    overlaps: Overlap[],
    target: TrialCommit,
    goal: string,
    trials: Map<string, TrialCommit>,
  ): Promise<MergeStep[]> {
    const isRun = (name: string) => name !== you && name !== goal;
    const runs = [...this.#works.keys()].filter(
      (name) => isRun(name) && overlaps.some(({ between }) => between.includes(name)),
    );
    if (runs.length === 0) return [];
    const against = overlaps.filter(({ conflicts }) => conflicts).map(({ between }) => between);
    const order = mergeOrder(runs, against);
    const outcomes = await this.#git.trials.mergeAll(
      target,
      order.map((run) => trials.get(run) as TrialCommit),
    );
    const meets = (a: string, b: string) => against.some((pair) => pair.includes(a) && pair.includes(b));
    return order.map((run, at) => {
      const files = outcomes[at] ?? null;
      const before = [goal, ...order.slice(0, at).filter((_, index) => outcomes[index] === null)];
      return { run, conflicts: files && { files, with: before.filter((other) => meets(run, other)) } };
    });
  }

  dispose(): void {
    this.keepOnly(new Set());
  }
}
