import { rmSync } from 'node:fs';
import { disposable } from '../base/disposable.ts';
import type { Lines, SharedFile } from '../domain/overlap.ts';
import type { Worktree } from '../ports/git.ts';
import type { MergeTrials, TrialCommit } from '../ports/merge-trials.ts';
import { type Environment, type GitCall, runGit } from './run-git.ts';
import { scratchRepository } from './scratch-repository.ts';
import { temporaryFolder } from './temporary-folders.ts';
import { tryMerge } from './try-merge.ts';
import { commitForTrial, keeper, type Place } from './worktree-changes.ts';

/** Of how many files of a pair the lines are told. */
const FILES_WITH_LINES_MAX = 50;
/** What is read of one diff, in bytes; what comes after it has no lines. */
const DIFF_BYTES_MAX = 2_000_000;

interface Input {
  commonDir: string;
  environment: Environment;
  /** In the repository. */
  main: GitCall;
  placeOf: (worktree: Worktree) => Place;
}

export function createMergeTrials({ commonDir, environment, main, placeOf }: Input): MergeTrials {
  /** Calls `act` in a scratch repository that has the commits. */
  const beside = async <T>(commits: readonly TrialCommit[], act: (call: GitCall) => Promise<T>): Promise<T> => {
    const folders = commits.flatMap(({ objects }) => objects ?? []);
    const scratch = scratchRepository(commonDir, environment, folders);
    try {
      return await act(scratch.call);
    } finally {
      scratch.dispose();
    }
  };
  const changes = new KnownChanges();
  return {
    async commit(worktree) {
      const objects = temporaryFolder('trial');
      const held = disposable(() => rmSync(objects, { recursive: true, force: true }));
      try {
        return { ...(await commitForTrial(placeOf(worktree), objects)), objects, dispose: held.dispose };
      } catch (failure) {
        held.dispose();
        throw failure;
      }
    },
    async branch(name) {
      const commitOf = (ref: string) => runGit(main, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]);
      const own = name === null ? '' : await commitOf(`refs/heads/${name}`).catch(() => '');
      const commit = (own || (await commitOf('HEAD'))).trim();
      return { commit, head: commit, objects: null, dispose() {} };
    },
    changed: (from, to) => beside([], (call) => changedPaths(call, from, to)),
    meet: (ours, theirs) => beside([ours, theirs], (call) => meet(call, ours, theirs, changes)),
    mergeAll: (target, works) => beside([target, ...works], (call) => mergeAll(call, target.commit, works)),
  };
}

async function changedPaths(call: GitCall, from: string, to: string): Promise<string[]> {
  const names = await runGit(call, ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to]);
  return names.split('\0').filter((path) => path !== '');
}

async function meet(call: GitCall, ours: TrialCommit, theirs: TrialCommit, changes: KnownChanges) {
  const common =
    ours.head === theirs.head
      ? ours.head
      : (await runGit(call, ['merge-base', ours.head, theirs.head]).catch(() => '')).trim();
  if (common === '') return { files: [], conflicts: false };
  const [own, other] = [await changes.of(call, ours, common), await changes.of(call, theirs, common)];
  const both = own.paths.filter((path) => other.has(path));
  const merge = await tryMerge(call, ours.commit, theirs.commit);
  const inConflict = new Set(merge?.files);
  const shown = both.slice(0, FILES_WITH_LINES_MAX);
  const [ourLines, theirLines] = [await own.lines(call, shown), await other.lines(call, shown)];
  const paths = [...both, ...[...inConflict].filter((path) => !both.includes(path))];
  const files: SharedFile[] = paths.map((path) => ({
    path,
    conflicts: inConflict.has(path),
    lines: [ourLines.get(path) ?? [], theirLines.get(path) ?? []],
  }));
  return { files, conflicts: merge && !merge.isClean };
}

/** What commits changed since they parted from another, as long as they live: one meets many others. */
class KnownChanges {
  readonly #known = new WeakMap<TrialCommit, Map<string, Changes>>();

  async of(call: GitCall, trial: TrialCommit, since: string): Promise<Changes> {
    const known = this.#known.get(trial) ?? new Map<string, Changes>();
    this.#known.set(trial, known);
    const changes = known.get(since) ?? new Changes(since, trial.commit, await changedPaths(call, since, trial.commit));
    known.set(since, changes);
    return changes;
  }
}

class Changes {
  readonly paths: readonly string[];
  readonly #since: string;
  readonly #commit: string;
  readonly #paths: ReadonlySet<string>;
  readonly #lines = new Map<string, Lines[]>();

  constructor(since: string, commit: string, paths: readonly string[]) {
    this.#since = since;
    this.#commit = commit;
    this.paths = paths;
    this.#paths = new Set(paths);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  async lines(call: GitCall, paths: readonly string[]): Promise<ReadonlyMap<string, Lines[]>> {
    for (const path of paths) {
      if (!this.#lines.has(path)) this.#lines.set(path, await changedLines(call, this.#since, this.#commit, path));
    }
    return this.#lines;
  }
}

/** Which lines of the file are new or were changed; of a binary file none. */
async function changedLines(call: GitCall, since: string, commit: string, path: string): Promise<Lines[]> {
  const options = ['-U0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames'];
  const limited = { ...call, bytesMax: DIFF_BYTES_MAX };
  const diff = await runGit(limited, ['diff', ...options, since, commit, '--', `:(literal)${path}`]);
  const hunks = [...diff.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)];
  return hunks.map(([, from, count = '1']): Lines => [Number(from), Number(from) + Math.max(0, Number(count) - 1)]);
}

async function mergeAll(plain: GitCall, target: string, works: readonly TrialCommit[]): Promise<(string[] | null)[]> {
  const call = { ...plain, variables: { ...plain.variables, ...keeper } };
  const outcomes: (string[] | null)[] = [];
  let merged = target;
  for (const { commit } of works) {
    const merge = await tryMerge(call, merged, commit);
    outcomes.push(merge === null || merge.isClean ? null : merge.files);
    if (!merge?.isClean) continue;
    const parents = ['-p', merged, '-p', commit];
    merged = (await runGit(call, ['commit-tree', '--no-gpg-sign', ...parents, '-m', 'try', merge.tree])).trim();
  }
  return outcomes;
}
