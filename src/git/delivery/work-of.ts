import { type GitCall, runGit } from '../run-git.ts';

/** What a commit brings to the branch that it is for. */
export interface Work {
  /** The newest commit that both have. */
  base: string;
  files: string[];
  /** Files and repositories that `base` has not. */
  added: string[];
  /** Repositories inside of the worktree: their files are not part of the commit. */
  repositories: string[];
  /** Submodules that are at another commit. */
  submodules: string[];
  isMerged: boolean;
}

/** `call` is in a scratch repository; `targets` is where the branch stands, here and elsewhere; `fallback` is where the work began. */
export async function workOf(call: GitCall, targets: string[], commit: string, fallback: string): Promise<Work> {
  // With several: what the commit has in common with all of them taken together.
  const common = (await runGit(call, ['merge-base', commit, ...targets]).catch(() => '')).trim();
  const base = common === '' ? fallback : common;
  const options = ['-r', '-z', '--raw', '--no-renames', '--no-ext-diff', '--abbrev=40'];
  const fields = (await runGit(call, ['diff-tree', ...options, base, commit])).split('\0');
  const rows = fields.flatMap((field, index) =>
    field.startsWith(':') ? [{ modes: field.slice(1).split(' '), path: fields[index + 1] ?? '' }] : [],
  );
  const paths = (of: typeof rows) => of.map(({ path }) => path);
  const added = rows.filter(({ modes }) => modes[0] === '000000');
  const repositories = added.filter(({ modes }) => modes[1] === '160000');
  const submodules = paths(rows.filter(({ modes }) => modes[1] === '160000' && modes[0] === '160000'));
  const isMerged = base === commit && commit !== fallback;
  return { base, files: paths(rows), added: paths(added), repositories: paths(repositories), submodules, isMerged };
}
