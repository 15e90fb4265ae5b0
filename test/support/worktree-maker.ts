/** A process of its own that makes a worktree: node worktree-maker.ts ROOT WORKTREES NAME. */
import { join } from 'node:path';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment } from './git-repository.ts';

const [root, worktreesDirectory, name] = process.argv.slice(2);
const git = await openGit({ root, worktreesDirectory, environment: gitTestEnvironment });
process.stdout.write('ready\n');
await git.ensureWorktree(join(worktreesDirectory, 'p', name), `forge/${name}`);
process.stdout.write('made\n');
