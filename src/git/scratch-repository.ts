import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Disposable, disposable } from '../base/disposable.ts';
import type { Environment, GitCall } from './run-git.ts';
import { temporaryFolder } from './temporary-folders.ts';
import { quoted } from './worktree-changes.ts';

/**
 * A bare repository for a moment, with the objects of `commonDir` (and of the folders `objects`) and nothing else of it. What an
 * agent can plant in a repository (merge drivers, addresses, programs for a transport, hooks, attributes) does not exist
 * there, and nothing that is done there is seen in the repository. It has no branches: commits are named by their ids.
 */
export function scratchRepository(
  commonDir: string,
  environment: Environment,
  objects: readonly string[] = [],
): Disposable & { call: GitCall } {
  const folder = temporaryFolder('scratch');
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  writeFileSync(join(folder, 'config'), isSha256(commonDir) ? sha256Config : sha1Config);
  const variables: Record<string, string> = {
    GIT_DIR: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: [join(commonDir, 'objects'), ...objects].map(quoted).join(':'),
    GIT_ATTR_NOSYSTEM: '1',
  };
  const shallow = join(commonDir, 'shallow');
  if (existsSync(shallow)) variables.GIT_SHALLOW_FILE = shallow;
  const { dispose } = disposable(() => rmSync(folder, { recursive: true, force: true }));
  return { call: { cwd: folder, environment, variables }, dispose };
}

const sha1Config = '[core]\n\trepositoryformatversion = 0\n\tbare = true\n';
const sha256Config = '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n';

function isSha256(commonDir: string): boolean {
  return /^\s*objectformat\s*=\s*sha256\s*$/im.test(readFileSync(join(commonDir, 'config'), 'utf8'));
}
