import { ForgeError } from '../../base/errors.ts';
import type { DeliveryRequest } from '../../ports/delivery.ts';
import { type GitCall, runGit } from '../run-git.ts';
import type { Work } from './work-of.ts';

/** More are not named. */
const NAMED_MAX = 20;

interface Unfit extends Pick<DeliveryRequest, 'copied' | 'accepted'> {
  /** In a scratch repository. */
  call: GitCall;
  commit: string;
  work: Work;
  isPushed: boolean;
}

/** What a person is asked about before it leaves, and what they accept with that; null: nothing. Throws for what must never leave. */
export async function askAboutUnfit(unfit: Unfit): Promise<{ reason: string; asks: string } | null> {
  await refuseUnfit(unfit);
  const { call, commit, work, isPushed, accepted } = unfit;
  const changedWith = async (line: string) => {
    const options = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', `-G${line}`];
    return (await runGit(call, ['diff', ...options, work.base, commit])).split('\0').filter((path) => path !== '');
  };
  const marked: string[] = [];
  if (!accepted.includes('marks')) {
    for (const path of await changedWith('^<<<<<<< ')) if (await hasMarks(call, commit, path)) marked.push(path);
  }
  if (marked.length > 0) {
    return {
      reason: `${named(marked)} has the marks of a conflict in it. If they belong there: forge approve RUN`,
      asks: 'marks',
    };
  }
  const stored = isPushed && !accepted.includes('lfs') ? await changedWith('^version https://git-lfs') : [];
  if (stored.length === 0) return null;
  const how = `${named(stored)} is kept by Git LFS, which Forge does not push to. Push the branch by hand, then: forge approve RUN`;
  return { reason: how, asks: 'lfs' };
}

async function hasMarks(call: GitCall, commit: string, path: string): Promise<boolean> {
  const text = await runGit(call, ['cat-file', 'blob', `${commit}:${path}`]).catch(() => '');
  return /^<<<<<<< /m.test(text) && /^>>>>>>> /m.test(text);
}

async function refuseUnfit({ call, commit, work, copied }: Unfit): Promise<void> {
  const secret = await copiedIn(call, work.base, commit, new Set(copied));
  if (secret.length > 0) {
    throw new ForgeError(
      'git.failed',
      `${named(secret)} was only copied into the worktree, and is in the agent's commits`,
      {
        next: 'Take it out of them there (git rebase), then: forge approve RUN',
      },
    );
  }
  if (work.repositories.length === 0) return;
  const modules = await runGit(call, ['cat-file', 'blob', `${commit}:.gitmodules`]).catch(() => '');
  const lone = work.repositories.filter((path) => !modules.includes(`path = ${path}\n`));
  if (lone.length === 0) return;
  throw new ForgeError(
    'git.failed',
    `${named(lone)} is a git repository of its own: its files would not be delivered`,
    {
      next: `Remove its .git, or make it a submodule, then: forge approve RUN`,
    },
  );
}

/** In any of the commits: what was taken out again is in the history that leaves. */
async function copiedIn(call: GitCall, base: string, commit: string, copied: ReadonlySet<string>): Promise<string[]> {
  if (copied.size === 0) return [];
  const options = ['-m', '--format=', '--name-only', '--no-renames', '-z'];
  const touched = new Set((await runGit(call, ['log', ...options, `${base}..${commit}`])).split('\0'));
  const found = [...copied].filter((path) => touched.has(path));
  if (found.length === 0) return [];
  const tracked = (await runGit(call, ['ls-tree', '-r', '-z', '--name-only', base])).split('\0');
  return found.filter((path) => !tracked.includes(path));
}

function named(paths: readonly string[]): string {
  return paths.slice(0, NAMED_MAX).join(', ');
}
