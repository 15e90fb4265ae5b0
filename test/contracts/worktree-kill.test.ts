import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = join(import.meta.dirname, '../support/worktree-maker.ts');

/** Makes the worktree in a process group of its own, which is killed as soon as `file` is there. */
async function makeAndKill(root: string, worktrees: string, name: string, file: string): Promise<void> {
  const child = spawn(process.execPath, [script, root, worktrees, name], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  while (!existsSync(file) && child.exitCode === null) await delay(1);
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch (failure) {
    // It was done already.
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
  await ended;
}

test('a worktree that was half made by a killed process is made again, at whatever instant', async () => {
  const folder = temporaryFolder();
  const files = Object.fromEntries(
    Array.from({ length: 1500 }, (_, n) => [`d${n % 10}/f${n}.txt`, `${n}\n`.repeat(200)]),
  );
  const root = makeRepository(join(folder, 'repo'), files);
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const leftovers: string[] = [];
  for (const round of [0, 1]) {
    for (const [stage, file] of Object.entries({
      marker: 'worktrees/p/.forge-made/NAME.json',
      branch: 'repo/.git/refs/heads/forge/NAME',
      admin: 'repo/.git/worktrees/NAME/locked',
      pointer: 'worktrees/p/NAME/.git',
      checkout: 'worktrees/p/NAME/d3',
    })) {
      const name = `${stage}-${round}`;
      const path = join(worktreesDirectory, 'p', name);
      await makeAndKill(root, worktreesDirectory, name, join(folder, file.replace('NAME', name)));
      if (existsSync(join(root, '.git/worktrees', name, 'locked'))) leftovers.push(name);
      const made = await opened.ensureWorktree(path, `forge/${name}`);
      expect(await opened.diffStat(made)).toMatchObject({ filesChanged: 0 });
      expect(git(path, 'status', '--porcelain')).toBe('');
    }
  }
  expect(leftovers.length).toBeGreaterThan(0);
  expect(git(root, 'worktree', 'list', '--porcelain')).not.toContain('locked');
  expect(git(root, 'fsck', '--no-dangling')).not.toContain('error');
});

test('an empty commondir, which makes git refuse every worktree of the repository, is mended', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p', 'fg-1');
  await opened.ensureWorktree(path, 'forge/fg-1');
  // As a kill between making and writing the file leaves it.
  writeFileSync(join(root, '.git/worktrees/fg-1/commondir'), '');
  const marker = join(worktreesDirectory, 'p/.forge-made/fg-1.json');
  writeFileSync(marker, readFileSync(marker, 'utf8').replace('"made"', '"making"'));
  expect(() => git(root, 'worktree', 'list')).toThrow();
  // Another task's worktree in the same repository is not held up by it either.
  await opened.ensureWorktree(join(worktreesDirectory, 'p', 'fg-2'), 'forge/fg-2');
  const made = await opened.ensureWorktree(path, 'forge/fg-1');
  expect(git(made.path, 'status', '--porcelain')).toBe('');
});

test('a leftover of git that is locked as initializing is mended', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p', 'fg-1');
  const made = await opened.ensureWorktree(path, 'forge/fg-1');
  // As a kill in the middle of the checkout leaves it.
  writeFileSync(join(root, '.git/worktrees/fg-1/locked'), 'initializing');
  rmSync(join(path, 'a.txt'));
  const marker = join(worktreesDirectory, 'p/.forge-made/fg-1.json');
  const state = JSON.parse(readFileSync(marker, 'utf8')) as object;
  writeFileSync(marker, JSON.stringify({ ...state, state: 'making' }));
  expect(await opened.ensureWorktree(path, 'forge/fg-1')).toEqual(made);
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
  expect(readdirSync(join(root, '.git/worktrees/fg-1'))).not.toContain('locked');
});

test.each([
  ['its pointer', (pointer: string, _admin: string) => writeFileSync(pointer, '')],
  ['the head of its own folder', (_pointer: string, admin: string) => rmSync(join(admin, 'HEAD'))],
  ['where the repository is', (_pointer: string, admin: string) => rmSync(join(admin, 'commondir'))],
])('a leftover in which git had not written %s is mended', async (_what, unwrite) => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p', 'fg-1');
  const made = await opened.ensureWorktree(path, 'forge/fg-1');
  writeFileSync(join(root, '.git/worktrees/fg-1/locked'), 'initializing');
  for (const name of readdirSync(path)) if (name !== '.git') rmSync(join(path, name), { recursive: true });
  unwrite(join(path, '.git'), join(root, '.git/worktrees/fg-1'));
  const marker = join(worktreesDirectory, 'p/.forge-made/fg-1.json');
  const state = JSON.parse(readFileSync(marker, 'utf8')) as object;
  writeFileSync(marker, JSON.stringify({ ...state, state: 'making' }));
  expect(await opened.ensureWorktree(path, 'forge/fg-1')).toEqual(made);
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
});

test('a leftover with commits is not taken back', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p', 'fg-1');
  await opened.ensureWorktree(path, 'forge/fg-1');
  writeFiles(path, { 'work.txt': 'w\n' });
  git(path, 'add', '--all');
  git(path, 'commit', '--quiet', '-m', 'work');
  const marker = join(worktreesDirectory, 'p/.forge-made/fg-1.json');
  writeFileSync(marker, readFileSync(marker, 'utf8').replace('"made"', '"making"'));
  await expect(opened.ensureWorktree(path, 'forge/fg-1')).rejects.toThrow('has commits');
  expect(existsSync(join(path, 'work.txt'))).toBe(true);
});

test('locks that a killed git left on the branch are waited for, then removed', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  mkdirSync(join(root, '.git/refs/heads/forge'), { recursive: true });
  writeFileSync(join(root, '.git/refs/heads/forge/fg-1.lock'), '');
  const path = join(worktreesDirectory, 'p', 'fg-1');
  expect(await opened.ensureWorktree(path, 'forge/fg-1')).toMatchObject({ branch: 'forge/fg-1' });
});
