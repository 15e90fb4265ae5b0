import type { Aim } from '../../ports/delivery.ts';
import { type GitCall, runGit } from '../run-git.ts';

/** A commit that work is to be merged into, and how a person calls it. */
export interface Target {
  name: string;
  commit: string;
}

/** Where the branch that work is for stands here, then at the remote as far as it was fetched. `call` is in the repository. */
export async function targetsOf(call: GitCall, { branch }: Aim, remote: string): Promise<Target[]> {
  if (branch === null) {
    return [{ name: 'HEAD', commit: (await runGit(call, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim() }];
  }
  const refs = await readRefs(call, [`refs/heads/${branch}`, `refs/remotes/${remote}/${branch}`]);
  return [...refs].map(([ref, commit]) => ({ name: ref.replace(/^refs\/(heads|remotes)\//, ''), commit }));
}

/** The commits of those refs that are there, by their full names, in the order of the names given. */
export async function readRefs(call: GitCall, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await runGit(call, ['for-each-ref', '--format=%(refname)%00%(objectname)', '--', ...names]);
  const found = new Map(rows.split('\n').map((row) => row.split('\0') as [string, string]));
  // A name is a prefix to git: what is below it is not meant.
  return new Map(names.flatMap((name) => (found.has(name) ? [[name, found.get(name) as string]] : [])));
}

/** Address that the remote is pushed to; null: there is none. */
export async function remoteUrl(call: GitCall, remote: string): Promise<string | null> {
  for (const key of ['pushurl', 'url']) {
    const url = await runGit(call, ['config', '--get', `remote.${remote}.${key}`]).catch(() => '');
    if (url.trim() !== '') return url.trim();
  }
  return null;
}
