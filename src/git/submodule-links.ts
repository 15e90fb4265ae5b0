import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GitCall, runGit } from './run-git.ts';

/** The mode of a submodule as an index holds it: 160000 in octal, in four bytes. */
const linkMode = Buffer.from([0, 0, 0xe0, 0]);

/**
 * Paths of the submodules in the index of a call. To add one, git would look for changes inside it with the settings of that
 * repository, which an agent can write and which name programs to run.
 */
export async function submoduleLinks(call: GitCall): Promise<string[]> {
  const index = call.variables?.GIT_INDEX_FILE ?? '';
  // The list of a large index takes longer than this look, and most have none.
  if (!existsSync(index) || !readFileSync(index).includes(linkMode)) return [];
  const entries = (await runGit(call, ['ls-files', '--stage', '-z'])).split('\0');
  return entries.filter((entry) => entry.startsWith('160000 ')).map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

/** Puts the commit that a submodule is at into the index of a call. One that is not filled stays as it is; one that is gone goes. */
export async function addLink(call: GitCall, path: string): Promise<void> {
  const folder = join(call.cwd, path);
  if (!existsSync(folder)) {
    await runGit(call, ['update-index', '--force-remove', '-z', '--', path]);
    return;
  }
  if (!existsSync(join(folder, '.git'))) return;
  const inside: GitCall = {
    ...{
      cwd: folder,
      environment: call.environment,
      variables: { GIT_DIR: join(folder, '.git'), GIT_WORK_TREE: folder },
    },
  };
  const commit = await runGit(inside, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(() => null);
  if (commit === null) return;
  await runGit({ ...call, input: `160000 ${commit.trim()}\t${path}\0` }, ['update-index', '-z', '--index-info']);
}
