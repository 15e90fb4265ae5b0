import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worktreeWorld } from '../support/worktree-world.ts';

const script = join(import.meta.dirname, '../support/worktree-maker.ts');

/** Does it in a process group of its own, which is killed as soon as it has come so far. */
async function actAndKill(args: readonly string[], isSoFar: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [script, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  while (!isSoFar() && child.exitCode === null) await delay(1);
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch (failure) {
    // It was done already.
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
  await ended;
}

test('a worktree that was half made by a killed process is made again, at whatever instant', {
  timeout: 240_000,
}, async () => {
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
      await actAndKill([root, worktreesDirectory, name], () => existsSync(join(folder, file.replace('NAME', name))));
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

test('the lock of packed refs that a killed git left does not keep a worktree from being removed', async () => {
  const { root, directory, make, trees } = await worktreeWorld({ 'a.txt': 'a\n' });
  const { path } = await make('left');
  writeFileSync(join(root, '.git/packed-refs.lock'), '');
  await trees.remove(path, git(root, 'rev-parse', 'HEAD').trim());
  expect([existsSync(path), git(root, 'branch', '--list', 'forge/*')]).toEqual([false, '']);
  expect(trees.list(directory)).toEqual([]);
});

test('a removal that was killed is finished at the next start, at whatever instant', { timeout: 240_000 }, async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`d${n % 10}/f${n}.txt`, `${n}\n`]));
  const { root, directory, worktreesDirectory, make, trees } = await worktreeWorld(files);
  const notes = (name: string) => join(directory, '.forge-made', name);
  const reached: string[] = [];
  for (const round of [0, 1]) {
    for (const [stage, isSoFar] of Object.entries<(name: string) => boolean>({
      noted: (name) => readFileSync(notes(`${name}.json`), 'utf8').includes('"removing"'),
      aside: (name) => existsSync(notes(`gone-${name}`)),
      unlisted: (name) => !existsSync(join(root, '.git/worktrees', name)),
      'without-branch': (name) => !existsSync(join(root, '.git/refs/heads/forge', name)),
      emptied: (name) => existsSync(notes(`gone-${name}`)) && !existsSync(join(notes(`gone-${name}`), 'd3')),
    })) {
      const name = `${stage}-${round}`;
      const made = await make(name);
      await actAndKill([root, worktreesDirectory, name, 'remove'], () => isSoFar(name));
      if (existsSync(notes(`${name}.json`))) reached.push(name);
      // The next run of the task gets a whole one; or nobody wants it, and nothing of it is left.
      if (round === 0) expect(git((await make(name)).path, 'status', '--porcelain')).toBe('');
      else await trees.reconcile(directory, new Set());
      if (round > 0) expect([existsSync(made.path), existsSync(notes(`${name}.json`))]).toEqual([false, false]);
    }
  }
  expect(reached.length).toBeGreaterThan(3);
  expect(readdirSync(join(directory, '.forge-made')).filter((name) => !name.endsWith('-0.json'))).toEqual([]);
  expect(git(root, 'branch', '--list', 'forge/*-1')).toBe('');
  expect(git(root, 'fsck', '--no-dangling')).not.toContain('error');
});

test('one made ahead that was killed in its making or its handing over is never given to anybody', {
  timeout: 240_000,
}, async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`d${n % 10}/f${n}.txt`, `${n}\n`]));
  const { root, directory, worktreesDirectory, make, trees } = await worktreeWorld(files);
  const noted = (path: string, word: string) => existsSync(path) && readFileSync(path, 'utf8').includes(word);
  for (const [name, isSoFar] of Object.entries<() => boolean>({
    noted: () => noted(join(directory, '.pool/.forge-made/noted.json'), '"making"'),
    admin: () => existsSync(join(root, '.git/worktrees/admin')),
    files: () => existsSync(join(directory, '.pool/files/d3')),
  })) {
    await actAndKill([root, worktreesDirectory, name, 'ahead'], isSoFar);
    await trees.reconcile(directory, new Set());
    expect(trees.ahead(directory).filter(({ key }) => key !== null)).toEqual([]);
    for (const { path } of trees.ahead(directory)) await trees.remove(path, null);
  }
  for (const [name, isSoFar] of Object.entries<() => boolean>({
    taking: () => noted(join(directory, '.pool/.forge-made/taking.json'), '"making"'),
    branch: () => existsSync(join(root, '.git/refs/heads/forge/branch')),
    moved: () => existsSync(join(directory, 'moved')),
    taken: () => !existsSync(join(directory, '.pool/.forge-made/taken.json')),
  })) {
    const ahead = join(directory, '.pool', name);
    await trees.makeAhead(ahead, null);
    await trees.setReady(ahead, 'key');
    await actAndKill([root, worktreesDirectory, name, 'take'], isSoFar);
    const made = await make(name);
    expect(git(made.path, 'status', '--porcelain', '--branch')).toBe(`## forge/${name}\n`);
    await trees.reconcile(directory, new Set([made.path]));
    for (const { path } of trees.ahead(directory)) await trees.remove(path, null);
    expect(readdirSync(join(directory, '.pool'))).toEqual(['.forge-made']);
  }
  expect(readdirSync(join(root, '.git/worktrees'))).toHaveLength(4);
  expect(git(root, 'worktree', 'list', '--porcelain')).not.toMatch(/locked|prunable/);
  expect(git(root, 'fsck', '--no-dangling')).not.toContain('error');
});

test('what git finds a worktree by is replaced whole when it is handed over', async () => {
  const { root, directory, trees } = await worktreeWorld();
  const [ahead, path] = [join(directory, '.pool/one'), join(directory, 'one')];
  await trees.makeAhead(ahead, null);
  await trees.setReady(ahead, 'key');
  const admin = join(root, '.git/worktrees/one');
  const placesOf = (at: string) => [join(admin, 'gitdir'), join(admin, 'HEAD'), join(at, '.git')].map(inode);
  const before = placesOf(ahead);
  expect(await trees.takeAhead(ahead, path, 'forge/one', null, () => {})).toMatchObject({ path });
  // A file that is written into keeps its place, and is empty for a moment.
  for (const [index, place] of placesOf(path).entries()) expect(place).not.toBe(before[index]);
  expect(readdirSync(path).filter((name) => name.startsWith('.git'))).toEqual(['.git']);
});

const inode = (file: string) => statSync(file).ino;

test('one that is killed between any two steps of its handing over can be made by the next at once', async () => {
  const { root, directory, worktreesDirectory, make, trees } = await worktreeWorld();
  const ready = Array.from({ length: 20 }, (_, step) => `step-${step}`);
  for (const name of ready) await trees.makeAhead(join(directory, '.pool', name), null);
  await Promise.all(ready.map((name) => trees.setReady(join(directory, '.pool', name), 'key')));
  const inUse = new Set<string>();
  for (const [step, name] of ready.entries()) {
    const { signal } = spawnSync(process.execPath, [script, root, worktreesDirectory, name, 'take', `${step}`]);
    const made = await make(name);
    expect(git(made.path, 'status', '--porcelain', '--branch')).toBe(`## forge/${name}\n`);
    inUse.add(made.path);
    if (signal === null) break;
  }
  expect(inUse.size).toBeGreaterThan(10);
  expect(inUse.size).toBeLessThan(ready.length);
  await trees.reconcile(directory, inUse);
  for (const { path } of trees.ahead(directory)) await trees.remove(path, null);
  expect(readdirSync(join(directory, '.pool'))).toEqual(['.forge-made']);
  expect(readdirSync(join(root, '.git/worktrees'))).toHaveLength(inUse.size);
  expect(git(root, 'worktree', 'list', '--porcelain')).not.toMatch(/locked|prunable/);
});

test('one whose branch has work, killed while its files are written, is not taken for one in which all was removed', async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`d${n % 10}/f${n}.txt`, `${n}\n`]));
  const { root, directory, worktreesDirectory, make, commit, trees } = await worktreeWorld(files);
  const made = await make('fg-1');
  commit(made.path);
  await trees.remove(made.path, null);
  // As the next run of the task: the branch is older than the worktree.
  const file = join(directory, '.forge-made/fg-1.json');
  writeFileSync(file, JSON.stringify({ ...made, state: 'removing', repository: join(root, '.git') }));
  await actAndKill([root, worktreesDirectory, 'fg-1'], () => existsSync(join(made.path, 'd3')));
  expect(git((await make('fg-1')).path, 'status', '--porcelain')).toBe('');
  expect(readFileSync(join(made.path, 'work.txt'), 'utf8')).toBe('work.txt\n');
});
