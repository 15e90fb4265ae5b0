import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { worktreeWorld } from '../support/worktree-world.ts';

// What becomes of worktrees after their making: looked at, removed, put right after a kill.

const nobody: ReadonlySet<string> = new Set();
const listed = (root: string) => git(root, 'worktree', 'list', '--porcelain');
const branches = (root: string) => git(root, 'branch', '--format=%(refname:short)').trim().split('\n');

test('a new worktree has changed nothing, and all of it is merged', async () => {
  const world = await worktreeWorld();
  const made = await world.make('fg-1');
  expect(await world.trees.look(made)).toEqual({
    ...{ isThere: true, locked: null, changed: 0, unpushed: 1, isMerged: true, isBranchMerged: true, holds: [] },
    tip: made.base,
  });
});

test('work is told: files in no commit, commits that no remote has, and whether it was merged', async () => {
  const world = await worktreeWorld();
  const remote = join(world.folder, 'remote.git');
  git(world.folder, 'clone', '--quiet', '--bare', world.root, remote);
  git(world.root, 'remote', 'add', 'origin', remote);
  git(world.root, 'fetch', '--quiet', 'origin');
  const made = await world.make('fg-1');
  const tip = world.commit(made.path);
  writeFiles(made.path, { 'a.txt': 'changed\n', 'new/one.txt': 'x\n' });
  const expected = { changed: 2, unpushed: 1, isMerged: false, isBranchMerged: false, tip };
  expect(await world.trees.look(made)).toMatchObject(expected);
  // Pushed under its own name it is safe at the remote, and not merged.
  git(made.path, 'push', '--quiet', 'origin', 'HEAD:forge/fg-1');
  git(world.root, 'fetch', '--quiet', 'origin');
  expect(await world.trees.look(made)).toMatchObject({ ...expected, unpushed: 0 });
  git(world.root, 'merge', '--quiet', 'forge/fg-1');
  expect(await world.trees.look(made)).toMatchObject({
    ...expected,
    unpushed: 0,
    isMerged: true,
    isBranchMerged: true,
  });
});

test('a repository inside a worktree counts when something in it is nowhere else', async () => {
  const world = await worktreeWorld({ 'a.txt': 'a\n', '.gitignore': 'vendor/\n' });
  const made = await world.make('fg-1');
  const origin = makeRepository(join(world.folder, 'origin'));
  git(made.path, 'clone', '--quiet', origin, 'vendor/lib');
  expect(await world.trees.look(made)).toMatchObject({ holds: [] });
  world.commit(join(made.path, 'vendor/lib'));
  const { holds } = await world.trees.look(made);
  expect(holds).toEqual(['The repository vendor/lib inside it has 1 commits that no remote of it has.']);
  writeFiles(made.path, { 'vendor/lib/more.txt': 'x\n' });
  expect((await world.trees.look(made)).holds).toEqual([
    'The repository vendor/lib inside it has changes that are in no commit.',
  ]);
});

test('a submodule with a commit that was never pushed counts, and git planted in it is not run', async () => {
  const world = await worktreeWorld();
  const library = makeRepository(join(world.folder, 'library'));
  git(world.root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  git(world.root, 'commit', '--quiet', '-m', 'with a library');
  const made = await world.make('fg-1');
  // Forge does not initialise submodules: a setup command does.
  expect(readdirSync(join(made.path, 'lib'))).toEqual([]);
  git(made.path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
  expect((await world.trees.look(made)).holds).toEqual([]);
  world.commit(join(made.path, 'lib'));
  const ran = join(world.folder, 'ran');
  git(join(made.path, 'lib'), 'config', 'core.fsmonitor', `touch ${ran}; false`);
  git(join(made.path, 'lib'), 'config', 'filter.x.clean', `touch ${ran}; cat`);
  writeFiles(made.path, { 'lib/.gitattributes': '* filter=x\n', 'lib/a.txt': 'other\n' });
  expect((await world.trees.look(made)).holds).toHaveLength(1);
  const tip = git(join(made.path, 'lib'), 'rev-parse', 'HEAD').trim();
  expect(await world.opened.diffStat(made)).toMatchObject({ files: [{ path: 'lib' }] });
  const { commit } = await world.opened.snapshots.take(made, { message: 'kept' });
  expect(git(world.root, 'ls-tree', commit, 'lib')).toBe(`160000 commit ${tip}\tlib\n`);
  expect(existsSync(ran)).toBe(false);
});

test('a worktree is removed whole, with its branch only when that has not moved', async () => {
  const world = await worktreeWorld();
  const [one, two] = [await world.make('fg-1'), await world.make('fg-2')];
  world.commit(two.path);
  await world.trees.remove(one.path, one.base);
  await world.trees.remove(two.path, two.base);
  expect(listed(world.root)).not.toContain('fg-');
  expect(branches(world.root)).toEqual(['forge/fg-2', 'main']);
  expect(readdirSync(world.directory)).toEqual(['.forge-made']);
  expect(readdirSync(join(world.directory, '.forge-made'))).toEqual([]);
  // The next one of the task goes on on the branch that stayed.
  expect(await world.opened.ensureWorktree(two.path, two.branch, { recorded: two })).toEqual(two);
  expect(readFileSync(join(two.path, 'work.txt'), 'utf8')).toBe('work.txt\n');
});

test('what Forge did not make is never removed', async () => {
  const world = await worktreeWorld();
  const theirs = join(world.directory, 'theirs');
  git(world.root, 'worktree', 'add', '--quiet', '-b', 'theirs', theirs);
  for (const path of [theirs, world.root, join(world.directory, 'nothing')]) {
    await expect(world.trees.remove(path, null)).rejects.toMatchObject({ code: 'worktree.kept' });
  }
  expect(existsSync(theirs)).toBe(true);
  // A marker that was carried along says nothing of another repository.
  const other = makeRepository(join(world.folder, 'other'));
  const git2 = await openGit({ root: other, worktreesDirectory: world.worktreesDirectory, environment });
  const made = await world.make('fg-1');
  await expect(git2.worktrees.remove(made.path, null)).rejects.toMatchObject({ code: 'worktree.kept' });
  expect(git2.worktrees.list(world.directory)).toEqual([]);
});

test('what a link in a worktree leads to is not removed with it, nor is the repository when a link to it is there instead', async () => {
  const world = await worktreeWorld();
  const [one, two] = [await world.make('fg-1'), await world.make('fg-2')];
  symlinkSync(join(world.root, '.git/objects'), join(one.path, 'objects'));
  rmSync(two.path, { recursive: true });
  symlinkSync(world.root, two.path);
  await world.trees.remove(one.path, null);
  await world.trees.remove(two.path, null).catch(() => {});
  expect(existsSync(one.path)).toBe(false);
  expect(readFileSync(join(world.root, 'a.txt'), 'utf8')).not.toBe('');
  expect(git(world.root, 'status', '--porcelain')).toBe('');
  expect(git(world.root, 'fsck', '--no-dangling')).not.toContain('error');
});

test('a folder that somebody put where a removed worktree was stays', async () => {
  const world = await worktreeWorld();
  const made = await world.make('fg-1');
  rmSync(made.path, { recursive: true });
  mkdirSync(made.path);
  writeFileSync(join(made.path, 'mine.txt'), 'mine\n');
  git(world.root, 'worktree', 'prune');
  await world.trees.remove(made.path, null);
  expect(readFileSync(join(made.path, 'mine.txt'), 'utf8')).toBe('mine\n');
});

test('at the start: what was half made is taken back, half removed is gone, and a lost folder is forgotten', async () => {
  const world = await worktreeWorld();
  const state = (name: string, value: string) => {
    const file = join(world.directory, '.forge-made', `${name}.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), state: value }));
  };
  const names = ['half-made', 'half-removed', 'lost', 'lost-with-work', 'used', 'fine'];
  const made = new Map<string, string>();
  for (const name of names) made.set(name, (await world.make(name)).path);
  state('half-made', 'making');
  writeFileSync(join(world.root, '.git/worktrees/half-made/locked'), 'initializing');
  state('half-removed', 'removing');
  renameSync(made.get('half-removed') ?? '', join(world.directory, '.forge-made/gone-half-removed'));
  world.commit(made.get('lost-with-work') ?? '');
  for (const name of ['lost', 'lost-with-work']) rmSync(made.get(name) ?? '', { recursive: true });
  state('used', 'making');
  const told = await world.trees.reconcile(world.directory, new Set([made.get('used') ?? '']));
  expect(told.map((line) => line.replaceAll(`${world.directory}/`, '')).sort()).toEqual([
    'half-made was half made, and nobody had it yet: taken back.',
    'half-removed was half removed: it is gone now.',
    'lost was gone: git does not list it any more.',
    'lost-with-work was gone: git does not list it any more. Its branch forge/lost-with-work stays.',
  ]);
  expect(readdirSync(join(world.root, '.git/worktrees')).sort()).toEqual(['fine', 'used']);
  // Of one that is half removed the branch stays unless the removal says otherwise.
  expect(branches(world.root)).toEqual([
    'forge/fine',
    'forge/half-removed',
    'forge/lost-with-work',
    'forge/used',
    'main',
  ]);
  expect(readdirSync(join(world.directory, '.forge-made')).sort()).toEqual(['fine.json', 'used.json']);
  expect(await world.trees.reconcile(world.directory, nobody)).toHaveLength(1);
  expect(git(world.root, 'fsck', '--no-dangling')).not.toContain('error');
});

test('worktrees follow a repository that was moved', async () => {
  const world = await worktreeWorld();
  const made = await world.make('fg-1');
  writeFiles(made.path, { 'new.txt': 'x\n' });
  const moved = join(world.folder, 'moved');
  renameSync(world.root, moved);
  const { worktrees, commonDir, diffStat } = await openGit({
    ...{ root: moved, worktreesDirectory: world.worktreesDirectory, environment },
  });
  const told = await worktrees.reconcile(world.directory, nobody);
  expect(told).toEqual([`${made.path} follows its repository, which was moved from ${join(world.root, '.git')}.`]);
  expect(commonDir).toBe(join(moved, '.git'));
  expect(await diffStat(made)).toMatchObject({ filesChanged: 1 });
  expect(worktrees.list(world.directory)).toMatchObject([made]);
});

test('a copy of a repository does not take its worktrees along', async () => {
  const world = await worktreeWorld();
  const made = await world.make('fg-1');
  const copy = join(world.folder, 'copy');
  cpSync(world.root, copy, { recursive: true });
  const second = await openGit({ root: copy, worktreesDirectory: world.worktreesDirectory, environment });
  expect(await second.worktrees.reconcile(world.directory, nobody)).toEqual([]);
  expect(await world.opened.diffStat(made)).toMatchObject({ filesChanged: 0 });
});
