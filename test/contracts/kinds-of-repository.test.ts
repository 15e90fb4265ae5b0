import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each kind of repository has an answer: a worktree that can be worked in and removed, or a sentence that says why not.

/** A worktree in it is made, worked in, kept, and removed. */
async function worksIn(root: string, folder: string) {
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p/fg-1');
  const made = await opened.ensureWorktree(path, 'forge/fg-1');
  const before = git(path, 'status', '--porcelain');
  expect(await opened.ensureWorktree(path, 'forge/fg-1')).toEqual(made);
  writeFiles(path, { 'new.txt': 'new\n' });
  expect(await opened.diffStat(made)).toMatchObject({ filesChanged: 1 });
  const { commit } = await opened.snapshots.take(made, { message: 'kept' });
  await opened.snapshots.makeRef('refs/forge/kept/fg-1/1', commit);
  expect(git(root, 'show', 'refs/forge/kept/fg-1/1:new.txt')).toBe('new\n');
  git(path, 'add', '--sparse', 'new.txt');
  git(path, 'commit', '--quiet', '-m', 'work');
  const look = await opened.worktrees.look(made);
  expect(look).toMatchObject({ changed: 0, isMerged: false, holds: [] });
  const files = readdirSync(path).filter((name) => name !== '.git');
  await opened.worktrees.remove(path, null);
  expect(existsSync(path)).toBe(false);
  return { made, before, files, opened };
}

const refuses = (root: string, words: string) =>
  expect(openGit({ root, worktreesDirectory: '/nonexistent', environment })).rejects.toMatchObject({
    code: expect.stringMatching(/^repository\./),
    message: expect.stringContaining(words),
  });

test('a bare one, one without a commit, and a place without any are refused with what to do', async () => {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet', '--bare', 'bare.git');
  git(folder, 'init', '--quiet', 'empty');
  mkdirSync(join(folder, 'nothing'));
  await refuses(join(folder, 'bare.git'), 'is bare');
  await refuses(join(folder, 'empty'), 'has no commits yet');
  await refuses(join(folder, 'nothing'), 'is not inside a git repository');
});

test('a shallow one', async () => {
  const folder = temporaryFolder();
  const origin = makeRepository(join(folder, 'origin'));
  for (const name of ['b', 'c']) git(origin, 'commit', '--quiet', '--allow-empty', '-m', name);
  const root = join(folder, 'shallow');
  git(folder, 'clone', '--quiet', '--depth=1', `file://${origin}`, root);
  expect(await worksIn(root, folder)).toMatchObject({ before: '', files: ['a.txt', 'new.txt'] });
  // What the remote has since comes on top of it; nothing deeper.
  git(origin, 'commit', '--quiet', '--allow-empty', '-m', 'd');
  const { worktrees } = await openGit({ root, worktreesDirectory: folder, environment });
  const { commit } = await worktrees.freshBase('remote');
  expect(
    git(root, 'log', '--format=%s', commit ?? '')
      .trim()
      .split('\n'),
  ).toEqual(['d', 'c']);
});

test.each([['--cone'], ['--no-cone']])(
  'a sparse one (%s): worktrees have the part that the checkout has',
  async (kind) => {
    const folder = temporaryFolder();
    const root = makeRepository(join(folder, 'sparse'), { 'in/a.txt': 'a\n', 'out/b.txt': 'b\n', 'top.txt': 't\n' });
    git(root, 'sparse-checkout', 'set', kind, ...(kind === '--cone' ? ['in'] : ['/in/', '/top.txt']));
    const { before, files } = await worksIn(root, folder);
    expect(before).toBe('');
    expect(files.sort()).toEqual(['in', 'new.txt', 'top.txt']);
  },
);

test('a partial clone: what a worktree needs is fetched from its remote, unless a program is named for that', async () => {
  const folder = temporaryFolder();
  const origin = makeRepository(join(folder, 'origin'));
  git(origin, 'config', 'uploadpack.allowFilter', 'true');
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const root = join(folder, 'partial');
  git(folder, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${origin}`, root);
  const opened = await openGit({ root, worktreesDirectory: join(folder, 'w'), environment });
  const ran = join(folder, 'ran');
  git(root, 'config', 'remote.origin.uploadpack', `touch ${ran}; git-upload-pack`);
  await expect(opened.ensureWorktree(join(folder, 'w/p/fg-1'), 'forge/fg-1')).rejects.toThrow(
    'remote.origin.uploadpack',
  );
  expect([existsSync(ran), git(root, 'branch', '--list', 'forge/*')]).toEqual([false, '']);
  git(root, 'config', '--unset', 'remote.origin.uploadpack');
  expect(await worksIn(root, folder)).toMatchObject({ before: '', files: ['a.txt', 'new.txt'] });
});

test('one with submodules: they are empty in a worktree until a setup command fills them', async () => {
  const folder = temporaryFolder();
  const library = makeRepository(join(folder, 'library'));
  const root = makeRepository(join(folder, 'repo'));
  git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  git(root, 'commit', '--quiet', '-m', 'with a library');
  const { before, files } = await worksIn(root, folder);
  expect([before, files.sort()]).toEqual(['', ['.gitmodules', 'a.txt', 'lib', 'new.txt']]);
});

test('one with files in LFS: without git-lfs in its own settings a worktree has the pointers, and they are no change', async () => {
  const folder = temporaryFolder();
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`;
  const files = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'big.bin': pointer };
  const root = makeRepository(join(folder, 'repo'), files);
  // As `git lfs install --local` would: what a repository names is not run.
  git(root, 'config', 'filter.lfs.smudge', 'echo smudged');
  git(root, 'config', 'filter.lfs.clean', 'cat');
  const { made, opened } = await worksIn(root, folder);
  const again = await opened.ensureWorktree(made.path, made.branch, { recorded: made });
  expect(readFileSync(join(again.path, 'big.bin'), 'utf8')).toBe(pointer);
});

test('one with files in LFS: with git-lfs in the settings of the person a worktree has the files', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'), { '.gitattributes': '*.bin filter=lfs\n', 'big.bin': 'pointer\n' });
  const config = join(folder, 'gitconfig');
  writeFileSync(config, '[filter "lfs"]\n\tclean = echo pointer\n\tsmudge = echo content\n\trequired = true\n');
  const opened = await openGit({
    ...{ root, worktreesDirectory: join(folder, 'w'), environment: { ...environment, GIT_CONFIG_GLOBAL: config } },
  });
  const made = await opened.ensureWorktree(join(folder, 'w/p/fg-1'), 'forge/fg-1');
  expect(readFileSync(join(made.path, 'big.bin'), 'utf8')).toBe('content\n');
  expect(await opened.diffStat(made)).toMatchObject({ filesChanged: 0 });
});

test('one whose checkout is on no branch', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  git(root, 'checkout', '--quiet', '--detach');
  expect(await worksIn(root, folder)).toMatchObject({ before: '' });
});

test('one inside another, inside a worktree of another, and inside a submodule: each is itself', async () => {
  const folder = temporaryFolder();
  const outer = makeRepository(join(folder, 'outer'));
  const inner = makeRepository(join(outer, 'inner'), { 'inner.txt': 'i\n' });
  expect((await worksIn(inner, join(folder, '1'))).files).toEqual(['inner.txt', 'new.txt']);

  const linked = join(folder, 'linked');
  git(outer, 'worktree', 'add', '--quiet', '-b', 'other', linked);
  // Of a worktree the main checkout counts: one project, not two.
  const opened = await openGit({ root: linked, worktreesDirectory: join(folder, '2'), environment });
  expect(opened.root).toBe(outer);
  const within = makeRepository(join(linked, 'within'), { 'within.txt': 'w\n' });
  expect((await worksIn(within, join(folder, '3'))).files).toEqual(['new.txt', 'within.txt']);

  const host = makeRepository(join(folder, 'host'));
  git(host, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', outer, 'sub');
  expect((await worksIn(join(host, 'sub'), join(folder, '4'))).files).toEqual(['a.txt', 'new.txt']);
});

test.each(['with space', 'ünï 🐙', 'two\nlines', 'quote"s', "it's", '-dash'])(
  'one at a path such as %j',
  async (name) => {
    const folder = temporaryFolder();
    const root = makeRepository(join(folder, name));
    const { made } = await worksIn(root, join(folder, `home of ${name}`));
    expect(basename(made.path)).toBe('fg-1');
  },
);

test('files that differ in the case of their names, with paths of any bytes, and read-only objects', async () => {
  const folder = temporaryFolder();
  const files = { 'Readme.txt': 'R\n', 'README.txt': 'r\n', 'new\nline.txt': 'n\n', 'ünï/🐙.txt': 'o\n' };
  const root = makeRepository(join(folder, 'repo'), files);
  const objects = join(root, '.git/objects');
  for (const name of readdirSync(objects))
    for (const file of readdirSync(join(objects, name))) chmodSync(join(objects, name, file), 0o444);
  const made = await worksIn(root, folder);
  expect(made.files.sort()).toEqual([...['README.txt', 'Readme.txt', 'new\nline.txt', 'ünï'], 'new.txt'].sort());
});

test('one with settings for each worktree, and one with SHA-256', async () => {
  const folder = temporaryFolder();
  const own = makeRepository(join(folder, 'own'));
  git(own, 'config', 'extensions.worktreeConfig', 'true');
  git(own, 'config', '--worktree', 'user.nickname', 'main');
  await worksIn(own, join(folder, '1'));
  const root = join(folder, 'sha256');
  git(folder, 'init', '--quiet', '--object-format=sha256', '--initial-branch=main', root);
  writeFiles(root, { 'a.txt': 'a\n' });
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '-m', 'first');
  const { made } = await worksIn(root, join(folder, '2'));
  expect(made.base).toHaveLength(64);
});

/** From 2.45 on. */
const knowsReftable = spawnSync('git', ['init', '-h'], { encoding: 'utf8' }).stdout.includes('ref-format');

test.runIf(knowsReftable)('one that keeps its refs in tables', async () => {
  const folder = temporaryFolder();
  const root = join(folder, 'repo');
  git(folder, 'init', '--quiet', '--ref-format=reftable', '--initial-branch=main', root);
  writeFiles(root, { 'a.txt': 'a\n' });
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '-m', 'first');
  await worksIn(root, folder);
});
