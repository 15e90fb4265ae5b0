import type { Aim } from '../../ports/delivery.ts';
import { type GitCall, runGit } from '../run-git.ts';

/** A commit that work is to be merged into, and how a person calls it. */
export interface Target {
  name: string;
  commit: string;
}

/** Where the branch that work is for stands: here, then at the remote, as far as it was fetched. `call` is in the repository. */
export async function targetsOf(call: GitCall, aim: Aim, remote: string): Promise<Target[]> {
  const refs = await targetRefs(call, aim, remote);
  const named = (ref: string) => (ref.startsWith('refs/heads/') ? `${aim.branch}` : `${remote}/${aim.branch}`);
  return [...refs].map(([ref, commit]) => ({ name: ref === 'HEAD' ? ref : named(ref), commit }));
}

/** The same by refs, those of `also` first; those that are not there are left out. One call of git. */
export async function targetRefs(
  call: GitCall,
  { branch }: Aim,
  remote: string,
  also: readonly string[] = [],
): Promise<Map<string, string>> {
  const head = `refs/remotes/${remote}/HEAD`;
  const tracking = `refs/remotes/${remote}/${branch}`;
  const fetchedHead = `refs/forge/base/${remote}/HEAD`;
  const names = [...also, ...targetNames(branch, remote)];
  const format = '%(refname)%00%(objectname)%00%(symref)';
  const printed = await runGit(call, ['for-each-ref', `--format=${format}`, '--', ...names, head]);
  const rows = printed.split('\n').map((row) => row.split('\0'));
  const isDefault = rows.some(([name, , target]) => name === head && target === tracking);
  // A name is a prefix to git: what is below it is not meant.
  const wanted = names.filter((name) => name !== fetchedHead || isDefault);
  const found = new Map(rows.map(([name = '', commit = '']) => [name, commit]));
  const refs = new Map(wanted.flatMap((name) => (found.has(name) ? [[name, found.get(name) as string]] : [])));
  if (branch === null) refs.set('HEAD', (await runGit(call, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim());
  return refs;
}

/** The refs that can say where a branch stands. */
export function targetNames(branch: string | null, remote: string): string[] {
  const fetched = `refs/forge/base/${remote}`;
  return [`refs/heads/${branch}`, `refs/remotes/${remote}/${branch}`, `${fetched}/${branch}`, `${fetched}/HEAD`];
}

/** What work is for that begins at `base`, a setting of worktrees. */
export async function readAim(call: GitCall, remote: string, base: string): Promise<Aim> {
  const named = base === 'head' || base === 'remote' ? null : base;
  const first =
    base === 'remote' ? await symbolic(call, `refs/remotes/${remote}/HEAD`, `refs/remotes/${remote}/`) : null;
  const branch = named ?? first ?? (await symbolic(call, 'HEAD', 'refs/heads/'));
  return { branch, url: await remoteUrl(call, remote) };
}

async function symbolic(call: GitCall, ref: string, prefix: string): Promise<string | null> {
  const target = await runGit(call, ['symbolic-ref', '--quiet', ref]).catch(() => '');
  return target.startsWith(prefix) ? target.trim().slice(prefix.length) : null;
}

/** Address that the remote is pushed to; null: there is none. */
export async function remoteUrl(call: GitCall, remote: string): Promise<string | null> {
  for (const key of ['pushurl', 'url']) {
    const url = await runGit(call, ['config', '--get', `remote.${remote}.${key}`]).catch(() => '');
    if (url.trim() !== '') return url.trim();
  }
  return null;
}
