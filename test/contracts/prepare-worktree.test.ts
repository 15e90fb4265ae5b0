import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const setup = createWorktreeSetup(
  () => ({ PATH: process.env.PATH ?? '' }),
  async () => [],
);

const never = new AbortController().signal;

test('a setup command that leaves something running is over when it ends', { timeout: 10_000 }, async () => {
  const worktree = temporaryFolder();
  const leaves = 'setsid sleep 60 & echo $! > pid';
  await setup.prepare(worktree, worktree, { copy: [], setup: [leaves], env: {} }, never);
  process.kill(Number(readFileSync(join(worktree, 'pid'), 'utf8')));
});

test('a setup command that fails says how, with its last words', async () => {
  const worktree = temporaryFolder();
  const prepared = setup.prepare(
    worktree,
    worktree,
    { copy: [], setup: ['echo no flour >&2; exit 3'], env: {} },
    never,
  );
  await expect(prepared).rejects.toMatchObject({ message: expect.stringMatching(/exited with status 3: no flour$/) });
});

test('a setup command ends with its run, and none follows', async () => {
  const worktree = temporaryFolder();
  const stop = new AbortController();
  const commands = ['echo $$ > pid; sleep 60', 'touch followed'];
  const prepared = setup.prepare(worktree, worktree, { copy: [], setup: commands, env: {} }, stop.signal);
  await until('it runs', () => existsSync(join(worktree, 'pid')) && readFileSync(join(worktree, 'pid'), 'utf8') !== '');
  stop.abort();
  await expect(prepared).rejects.toMatchObject({ message: expect.stringContaining('was ended with its run') });
  const pid = Number(readFileSync(join(worktree, 'pid'), 'utf8'));
  await until('it has ended', () => !existsSync(`/proc/${pid}/cwd`));
  expect(existsSync(join(worktree, 'followed'))).toBe(false);
});
