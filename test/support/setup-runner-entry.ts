/** A process of its own that runs a setup command: node setup-runner-entry.ts WORKTREE COMMAND. */
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';

const [worktree = '', command = ''] = process.argv.slice(2);
const setup = createWorktreeSetup(() => ({ PATH: process.env.PATH ?? '' }), createPortBlocks(worktree));
const wishes = { copy: [], setup: [command], env: {} };
await setup.prepare(worktree, worktree, wishes, new AbortController().signal);
