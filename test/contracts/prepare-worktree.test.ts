import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const setup = createWorktreeSetup(() => ({ PATH: process.env.PATH ?? '' }));

test('a setup command that leaves something running is over when it ends', { timeout: 10_000 }, async () => {
  const worktree = temporaryFolder();
  const leaves = 'setsid sleep 60 & echo $! > pid';
  await setup.prepare(worktree, worktree, { copy: [], setup: [leaves] });
  process.kill(Number(readFileSync(join(worktree, 'pid'), 'utf8')));
});

test('a setup command that fails says how, with its last words', async () => {
  const worktree = temporaryFolder();
  const prepared = setup.prepare(worktree, worktree, { copy: [], setup: ['echo no flour >&2; exit 3'] });
  await expect(prepared).rejects.toMatchObject({ message: expect.stringMatching(/exited with status 3: no flour$/) });
});
