/**
 * A process of its own that makes or ends a worktree: node worktree-maker.ts ROOT WORKTREES NAME [make|remove|ahead|take] [N]. It ends
 * itself at the N-th point at which it could be ended.
 */
import { join } from 'node:path';
import { onFaultPoint } from '../../src/base/fault-point.ts';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment } from './git-repository.ts';

const [root = '', worktreesDirectory = '', name = '', act = 'make', point] = process.argv.slice(2);
const git = await openGit({ root, worktreesDirectory, environment: gitTestEnvironment });
const path = join(worktreesDirectory, 'p', name);
const ahead = join(worktreesDirectory, 'p/.pool', name);
const acts: Record<string, () => Promise<unknown>> = {
  make: () => git.ensureWorktree(path, `forge/${name}`),
  remove: async () => git.worktrees.remove(path, (await git.worktrees.look(git.worktrees.noted(path)!)).tip),
  ahead: () => git.worktrees.makeAhead(ahead, null),
  take: () => git.worktrees.takeAhead(ahead, path, `forge/${name}`, null, () => {}),
};
process.stdout.write('ready\n');
if (point !== undefined) {
  Object.assign(globalThis, { FORGE_FAULTS: true });
  let left = Number(point);
  onFaultPoint(() => left-- === 0 && process.kill(process.pid, 'SIGKILL'));
}
await acts[act]?.();
process.stdout.write('made\n');
