import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { worktreeWorld } from '../support/worktree-world.ts';

// Worktrees that are made before anybody wants them.

async function withOneAhead() {
  const world = await worktreeWorld({ 'a.txt': 'a\n', '.gitignore': 'built/\n' });
  const from = join(world.directory, '.pool/one');
  await world.trees.makeAhead(from, null);
  // What setup commands leave: ignored, untracked and changed files.
  writeFiles(from, { 'built/x': 'x\n', 'made-by-setup.txt': 'x\n', 'a.txt': 'a and more\n' });
  await world.trees.setReady(from, 'key');
  const path = join(world.directory, 'fg-1');
  const moves: string[] = [];
  const take = (base: string | null = null) =>
    world.trees.takeAhead(from, path, 'forge/fg-1', base, () => moves.push(existsSync(path) ? 'there' : 'not there'));
  return { ...world, from, path, moves, take, head: git(world.root, 'rev-parse', 'HEAD').trim() };
}

test('one that is taken is a worktree as any other, with what was done in it', async () => {
  const world = await withOneAhead();
  expect(world.trees.ahead(world.directory)).toEqual([{ path: world.from, base: world.head, key: 'key' }]);
  const taken = await world.take();
  expect(taken).toEqual({ path: world.path, branch: 'forge/fg-1', base: world.head });
  expect(world.moves).toEqual(['there']);
  expect(git(world.path, 'status', '--porcelain', '--branch')).toBe('## forge/fg-1\n M a.txt\n?? made-by-setup.txt\n');
  expect(readFileSync(join(world.path, 'built/x'), 'utf8')).toBe('x\n');
  expect(git(world.root, 'worktree', 'list', '--porcelain')).toContain(`worktree ${world.path}\n`);
  expect(git(world.root, 'worktree', 'prune', '--dry-run', '--verbose', '--expire=now')).toBe('');
  expect(world.trees.ahead(world.directory)).toEqual([]);
  expect(world.trees.isPrepared(world.path)).toBe(true);
  // Asked again, as after a kill, it is adopted; and it is removed like the others.
  expect(await world.make('fg-1')).toEqual(taken);
  world.commit(world.path);
  expect(git(world.root, 'log', '--format=%s', 'forge/fg-1')).toBe('work.txt\nfirst\n');
  await world.trees.remove(world.path, null);
  expect(readdirSync(world.directory).sort()).toEqual(['.forge-made', '.pool']);
});

test.each<[string, (path: string) => void]>([
  ['a changed file', (path) => writeFileSync(join(path, 'a.txt'), 'a and More\n')],
  ['a new file', (path) => writeFileSync(join(path, 'b.txt'), 'b\n')],
  ['something staged', (path) => void git(path, 'add', 'made-by-setup.txt')],
  ['a commit', (path) => void git(path, 'commit', '--quiet', '--allow-empty', '-m', 'x')],
  ['a branch', (path) => void git(path, 'switch', '--quiet', '-c', 'theirs')],
  ['a pointer elsewhere', (path) => writeFileSync(join(path, '.git'), 'gitdir: /nonexistent\n')],
])('one with %s is not given out', async (_what, touch) => {
  const world = await withOneAhead();
  touch(world.from);
  expect(await world.take()).toBeNull();
  expect(git(world.root, 'branch', '--format=%(refname:short)')).not.toContain('forge/fg-1');
  // The one that is made instead is clean, and the other one is of no use any more.
  const made = await world.make('fg-1');
  expect(git(made.path, 'status', '--porcelain')).toBe('');
  await world.trees.remove(world.from, null);
  expect(world.trees.ahead(world.directory)).toEqual([]);
});

test('one that is at an older commit is not given out, nor onto a branch or a folder that is there', async () => {
  const older = await withOneAhead();
  older.commit(older.root, 'newer.txt');
  expect(await older.take()).toBeNull();
  const branch = await withOneAhead();
  git(branch.root, 'branch', 'forge/fg-1');
  expect(await branch.take()).toBeNull();
  expect(git(branch.root, 'branch', '--list', 'forge/fg-1')).toContain('forge/fg-1');
  const folder = await withOneAhead();
  writeFiles(folder.path, { 'mine.txt': 'mine\n' });
  expect(await folder.take()).toBeNull();
  expect(readFileSync(join(folder.path, 'mine.txt'), 'utf8')).toBe('mine\n');
});

test('one in which a setup command filled a submodule is never ready: it could not be moved', async () => {
  const world = await worktreeWorld();
  const library = makeRepository(join(world.folder, 'library'));
  git(world.root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  git(world.root, 'commit', '--quiet', '-m', 'with a library');
  const from = join(world.directory, '.pool/one');
  await world.trees.makeAhead(from, null);
  git(from, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
  await expect(world.trees.setReady(from, 'key')).rejects.toThrow('with submodules cannot be moved');
  expect(world.trees.ahead(world.directory)).toMatchObject([{ key: null }]);
  await world.trees.remove(from, null);
  expect(git(world.root, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test('killed in the middle of handing over, neither is lost track of', async () => {
  const world = await withOneAhead();
  mkdirSync(join(world.directory, '.forge-made'), { recursive: true });
  const marker = (folder: string, name: string) => join(world.directory, folder, '.forge-made', `${name}.json`);
  const from = JSON.parse(readFileSync(marker('.pool', 'one'), 'utf8')) as object;
  // As killed between the pointers and the move.
  const to = { ...from, state: 'making', path: world.path, branch: 'forge/fg-1', pooled: undefined };
  writeFileSync(marker('.pool', 'one'), JSON.stringify({ ...from, state: 'making' }));
  writeFileSync(marker('', 'fg-1'), JSON.stringify(to));
  git(world.root, 'branch', 'forge/fg-1');
  writeFileSync(join(world.root, '.git/worktrees/one/HEAD'), 'ref: refs/heads/forge/fg-1\n');
  writeFileSync(join(world.root, '.git/worktrees/one/gitdir'), `${world.path}/.git\n`);
  const made = await world.make('fg-1');
  expect(git(made.path, 'status', '--porcelain')).toBe('');
  await world.trees.reconcile(world.directory, new Set([world.path]));
  expect(readdirSync(join(world.directory, '.pool')).sort()).toEqual(['.forge-made']);
  expect(readdirSync(join(world.root, '.git/worktrees'))).toHaveLength(1);
});
