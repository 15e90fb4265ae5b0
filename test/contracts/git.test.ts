import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/base/errors.ts';
import { findRepository } from '../../src/git/find-repository.ts';
import { openGit } from '../../src/git/open-git.ts';
import { usualRepository } from '../../src/git/usual-repository.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const coded = (code: ErrorCode) => expect.objectContaining({ code });

async function open(files?: Record<string, string | Buffer>, name = 'repo') {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, name), files);
  const worktreesDirectory = join(folder, 'worktrees');
  const gitHere = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'project', 'fg-1');
  return { folder, root, worktreesDirectory, git: gitHere, path };
}

test('a repository is found from a subfolder, a linked worktree and inside .git', async () => {
  const { root, git: opened, path } = await open({ 'sub/a': 'x' });
  const expected = { root, commonDir: join(root, '.git') };
  await opened.ensureWorktree(path, 'forge/fg-1');
  for (const cwd of [root, join(root, 'sub'), path, join(path, 'sub'), join(root, '.git')]) {
    expect(await findRepository(cwd, environment)).toEqual(expected);
  }
});

test('a plain checkout of this user is found without git, as git finds it; the rest is left to git', async () => {
  const { folder, root, git: opened, path } = await open({ 'sub/deep/a': 'x' });
  await opened.ensureWorktree(path, 'forge/fg-1');
  for (const cwd of [root, join(root, 'sub/deep'), path, join(path, 'sub')]) {
    expect(usualRepository(cwd, environment)).toEqual(await findRepository(cwd, environment));
  }
  symlinkSync(join(root, 'sub'), join(folder, 'link'));
  expect(usualRepository(join(folder, 'link'), environment)).toEqual({ root, commonDir: join(root, '.git') });
  git(root, 'init', '--quiet', '--bare', 'sub/bare');
  git(root, 'init', '--quiet', 'sub/broken');
  rmSync(join(root, 'sub/broken/.git/HEAD'));
  const left = [folder, join(folder, 'nowhere'), join(root, '.git'), join(root, 'sub/bare'), join(root, 'sub/broken')];
  for (const cwd of left) expect(usualRepository(cwd, environment), cwd).toBeNull();
  expect(usualRepository(root, { ...environment, GIT_CEILING_DIRECTORIES: folder })).toBeNull();
});

test('a worktree that names a repository which does not know it is left to git', async () => {
  const { folder, git: opened, path } = await open();
  await opened.ensureWorktree(path, 'forge/fg-1');
  const planted = join(folder, 'planted');
  mkdirSync(planted);
  copyFileSync(join(path, '.git'), join(planted, '.git'));
  expect(usualRepository(planted, environment)).toBeNull();
});

test.skipIf(process.getuid?.() !== 0)('the checkout of another user is left to git, which refuses it', async () => {
  const { root } = await open();
  chownSync(root, 12_345, 12_345);
  expect(usualRepository(root, environment)).toBeNull();
});

test('what is no usable repository is said in words', async () => {
  const folder = temporaryFolder();
  await expect(findRepository(folder, environment)).rejects.toThrow(coded('repository.missing'));
  await expect(findRepository(join(folder, 'nowhere'), environment)).rejects.toThrow(coded('repository.missing'));
  git(folder, 'init', '--quiet', '--bare', 'bare');
  await expect(findRepository(join(folder, 'bare'), environment)).rejects.toThrow('is bare');
  git(folder, 'init', '--quiet', 'empty');
  await expect(findRepository(join(folder, 'empty'), environment)).rejects.toThrow('has no commits yet');
  await expect(findRepository(folder, { PATH: folder })).rejects.toThrow(coded('git.missing'));
});

test('a submodule is a repository of its own', async () => {
  const folder = temporaryFolder();
  const inner = makeRepository(join(folder, 'inner'));
  const outer = makeRepository(join(folder, 'outer'));
  git(outer, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner, 'sub');
  const found = await findRepository(join(outer, 'sub'), environment);
  expect(found).toEqual({ root: join(outer, 'sub'), commonDir: join(outer, '.git/modules/sub') });
});

test('the branch of the main checkout is known, or that it is detached', async () => {
  const { root, git: opened } = await open();
  expect(await opened.currentBranch()).toBe('main');
  git(root, 'checkout', '--quiet', '--detach');
  expect(await opened.currentBranch()).toBeNull();
});

test('variables of the outside do not lead git astray', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  const outside = {
    ...environment,
    GIT_DIR: '/nowhere',
    GIT_WORK_TREE: '/nowhere',
    GIT_INDEX_FILE: '/x',
    EDITOR: 'vi',
  };
  expect((await findRepository(root, outside)).root).toBe(root);
});

test('a worktree is made on its branch, and adopted when it is there', async () => {
  const { root, git: opened, path } = await open();
  const base = git(root, 'rev-parse', 'HEAD').trim();
  const made = await opened.ensureWorktree(path, 'forge/fg-1');
  expect(made).toEqual({ path, branch: 'forge/fg-1', base });
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
  writeFiles(path, { 'a.txt': 'work\n' });
  git(path, 'commit', '--quiet', '-am', 'work');
  git(root, 'commit', '--quiet', '--allow-empty', '-m', 'main goes on');
  expect(await opened.ensureWorktree(path, 'forge/fg-1')).toEqual(made);
  expect(await opened.ensureWorktree(path, 'forge/fg-1', { recorded: made })).toEqual(made);
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('work\n');
  expect(git(root, 'status', '--porcelain')).toBe('');
  expect(git(root, 'config', '--local', '--list')).not.toContain('branch.');
});

test('eight worktrees at once are all made', async () => {
  const { git: opened, worktreesDirectory, root } = await open();
  const names = Array.from({ length: 8 }, (_, n) => `fg-${n}`);
  const make = (name: string) => opened.ensureWorktree(join(worktreesDirectory, 'p', name), `forge/${name}`);
  const made = await Promise.all(names.map(make));
  expect(made.map(({ branch }) => branch)).toEqual(names.map((name) => `forge/${name}`));
  expect(git(root, 'worktree', 'list').trim().split('\n')).toHaveLength(9);
});

test('a worktree whose folder was deleted comes back with its commits', async () => {
  const { git: opened, path } = await open();
  const made = await opened.ensureWorktree(path, 'forge/fg-1');
  writeFiles(path, { 'a.txt': 'work\n' });
  git(path, 'commit', '--quiet', '-am', 'work');
  rmSync(path, { recursive: true });
  expect(await opened.ensureWorktree(path, 'forge/fg-1')).toEqual(made);
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('work\n');
});

test('what Forge did not make is refused and stays', async () => {
  const { root, git: opened, path, folder } = await open();
  git(root, 'branch', 'forge/theirs');
  await expect(opened.ensureWorktree(path, 'forge/theirs')).rejects.toThrow('exists and Forge did not make it');
  git(root, 'worktree', 'add', '--quiet', '-b', 'forge/fg-1', path);
  await expect(opened.ensureWorktree(path, 'forge/fg-1')).rejects.toThrow('a worktree that Forge did not make');
  writeFiles(join(folder, 'worktrees/project/full'), { 'mine.txt': 'x' });
  await expect(opened.ensureWorktree(join(folder, 'worktrees/project/full'), 'forge/x')).rejects.toThrow(
    'not a worktree',
  );
  expect(existsSync(join(folder, 'worktrees/project/full/mine.txt'))).toBe(true);
  await expect(opened.ensureWorktree(join(folder, 'elsewhere'), 'forge/y')).rejects.toThrow('is not below');
});

test.each(['../x', '-rf', 'a..b', 'x.lock', '@{-1}', 'a b', 'refs//x', 'é', 'x'.repeat(300), 'a\nb'])(
  'the branch name %j is refused',
  async (branch) => {
    const { git: opened, path } = await open();
    await expect(opened.ensureWorktree(path, branch)).rejects.toThrow('not a branch name');
  },
);

test('a link on the way to a worktree is not followed', async () => {
  const { git: opened, worktreesDirectory, folder } = await open();
  mkdirSync(join(folder, 'target'));
  mkdirSync(worktreesDirectory);
  symlinkSync(join(folder, 'target'), join(worktreesDirectory, 'project'));
  await expect(opened.ensureWorktree(join(worktreesDirectory, 'project/fg-1'), 'forge/fg-1')).rejects.toThrow(
    'symbolic link',
  );
  rmSync(join(worktreesDirectory, 'project'));
  mkdirSync(join(worktreesDirectory, 'project'));
  symlinkSync(join(folder, 'target'), join(worktreesDirectory, 'project/fg-1'));
  await expect(opened.ensureWorktree(join(worktreesDirectory, 'project/fg-1'), 'forge/fg-1')).rejects.toThrow(
    'symbolic link',
  );
  expect(readdirSync(join(folder, 'target'))).toEqual([]);
});

test('changes count committed, staged, unstaged, untracked, renamed, binary and deleted files, but no ignored ones', async () => {
  const lines = `${Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n')}\n`;
  const {
    git: opened,
    path,
    root,
  } = await open({
    'a.txt': 'one\ntwo\n',
    'old name.txt': lines,
    'gone.txt': 'gone\n',
    '.gitignore': '*.log\n',
    'empty.txt': '',
  });
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  expect(await opened.diffStat(worktree)).toEqual({ filesChanged: 0, linesAdded: 0, linesRemoved: 0, files: [] });
  writeFiles(path, { 'a.txt': 'one\nthree\n', 'committed.txt': 'c\n' });
  git(path, 'add', 'committed.txt');
  git(path, 'commit', '--quiet', '-m', 'c');
  renameSync(join(path, 'old name.txt'), join(path, 'new name.txt'));
  rmSync(join(path, 'gone.txt'));
  writeFiles(path, {
    'x.log': 'ignored\n',
    'bin.dat': Buffer.from([0, 1, 2, 255]),
    '🚀 "quoted" é.txt': 'a\nb\n',
    'line\nbreak': 'x\n',
    ':(top)': 'm\n',
  });
  const before = git(path, 'status', '--porcelain');
  const objects = git(root, 'count-objects');
  const { files, ...sums } = await opened.diffStat(worktree);
  expect(sums).toEqual({ filesChanged: 8, linesAdded: 6, linesRemoved: 2 });
  expect(files.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: ':(top)', added: 1, removed: 0 },
    { path: 'a.txt', added: 1, removed: 1 },
    { path: 'bin.dat', added: -1, removed: -1 },
    { path: 'committed.txt', added: 1, removed: 0 },
    { path: 'gone.txt', added: 0, removed: 1 },
    { path: 'line\nbreak', added: 1, removed: 0 },
    { path: 'new name.txt', added: 0, removed: 0 },
    { path: '🚀 "quoted" é.txt', added: 2, removed: 0 },
  ]);
  const diff = await opened.diff(worktree);
  expect(diff).toContain('-two\n+three\n');
  expect(diff).toContain('rename from old name.txt');
  expect(diff).toContain('Binary files');
  const cut = await opened.diff(worktree, 200);
  expect(cut).toMatch(/\n… cut after 200 bytes\n$/);
  expect(Buffer.byteLength(cut)).toBeLessThan(260);
  expect(git(path, 'status', '--porcelain')).toBe(before);
  expect(git(root, 'count-objects')).toBe(objects);
});

test('everything is kept as a commit below refs/forge, and nothing else moves', async () => {
  const { git: opened, path, root } = await open();
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  writeFiles(path, { 'a.txt': 'changed\n', 'new/ü.txt': 'new\n' });
  const before = git(path, 'status', '--porcelain');
  const { commit: kept } = await opened.snapshots.take(worktree, { message: 'kept: before the end' });
  expect(await opened.snapshots.makeRef('refs/forge/kept/fg-1/1', kept)).toBe(true);
  expect(git(root, 'rev-parse', 'refs/forge/kept/fg-1/1').trim()).toBe(kept);
  expect(git(root, 'show', `${kept}:new/ü.txt`)).toBe('new\n');
  expect(git(root, 'show', `${kept}:a.txt`)).toBe('changed\n');
  expect(git(root, 'rev-parse', `${kept}^`).trim()).toBe(worktree.base);
  expect(git(root, 'log', '-1', '--format=%an %ae %s', kept).trim()).toBe(
    'worktree worktree@localhost kept: before the end',
  );
  expect(git(path, 'status', '--porcelain')).toBe(before);
  expect(git(path, 'rev-parse', 'HEAD').trim()).toBe(worktree.base);
  await expect(opened.snapshots.makeRef('refs/heads/main', kept)).rejects.toThrow('not a place');
});

test('a change that keeps size and time is seen, as git itself sees it', async () => {
  const { git: opened, path, root } = await open({ 'a.txt': 'one\n' });
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  // All within one second, as seen from a file system without finer times.
  git(root, 'config', 'core.trustctime', 'false');
  const second = 1_700_000_000;
  utimesSync(join(path, 'a.txt'), second, second);
  git(path, 'add', '--renormalize', 'a.txt');
  git(path, 'update-index', '--refresh');
  utimesSync(join(root, '.git/worktrees/fg-1/index'), second, second);
  writeFileSync(join(path, 'a.txt'), 'two\n');
  utimesSync(join(path, 'a.txt'), second, second);
  expect(git(path, 'diff')).toContain('+two');
  expect(await opened.diff(worktree)).toContain('+two');
});

test('a repository inside the worktree does not hinder', async () => {
  const { git: opened, path } = await open();
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  git(path, 'init', '--quiet', 'empty one');
  makeRepository(join(path, 'nested'));
  writeFiles(path, { 'b.txt': 'b\n' });
  const { files } = await opened.diffStat(worktree);
  expect(files.map((file) => file.path)).toContain('b.txt');
});

test('paths of the repository and of the worktree may hold spaces, quotes, colons and emoji', async () => {
  const { git: opened, worktreesDirectory } = await open(undefined, `re "po": it's 🚀`);
  const worktree = await opened.ensureWorktree(join(worktreesDirectory, 'my 🐙 "x"', 'fg-1'), 'forge/fg-1');
  writeFiles(worktree.path, { 'b c.txt': 'b\n' });
  expect(await opened.diffStat(worktree)).toMatchObject({ filesChanged: 1, linesAdded: 1 });
  expect(await opened.diff(worktree)).toContain('b/b c.txt');
  const { commit } = await opened.snapshots.take(worktree, { message: 'm' });
  writeFiles(worktree.path, { 'b c.txt': 'changed\n' });
  await opened.snapshots.restore(worktree, commit);
  expect(readFileSync(join(worktree.path, 'b c.txt'), 'utf8')).toBe('b\n');
});

test('nothing that an agent planted is executed', async () => {
  const {
    git: opened,
    path,
    root,
    folder,
    worktreesDirectory,
  } = await open({
    'a.txt': 'one\n',
    'b.dat': 'x\n',
    '.gitattributes': '*.txt filter=evil diff=evil\n*.dat filter=proc diff=driver\n',
  });
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  const proof = join(folder, 'executed');
  const evil = join(folder, 'evil.sh');
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> '${proof}'\ncat\n`);
  chmodSync(evil, 0o755);
  const settings = {
    'core.fsmonitor': evil,
    'core.pager': evil,
    'core.editor': evil,
    'core.sshCommand': evil,
    'core.askPass': evil,
    'core.alternateRefsCommand': evil,
    'diff.external': evil,
    'diff.evil.textconv': evil,
    'diff.driver.command': evil,
    'filter.evil.clean': evil,
    'filter.evil.smudge': evil,
    'filter.evil.required': 'true',
    'filter.proc.process': evil,
    'gpg.program': evil,
    'commit.gpgSign': 'true',
    'credential.helper': `!${evil}`,
    'core.hooksPath': join(folder, 'hooks'),
    'pager.diff': evil,
    'diff.orderFile': evil,
    'alias.diff': `!${evil}`,
  };
  for (const [key, value] of Object.entries(settings)) git(root, 'config', key, value);
  for (const hooks of [join(folder, 'hooks'), join(root, '.git/hooks')]) {
    mkdirSync(hooks, { recursive: true });
    for (const name of [
      'post-checkout',
      'pre-commit',
      'reference-transaction',
      'post-index-change',
      'fsmonitor-watchman',
    ]) {
      writeFileSync(join(hooks, name), readFileSync(evil), { mode: 0o755 });
    }
  }
  writeFiles(path, { 'a.txt': 'two\n', 'b.dat': 'y\n', 'new.txt': 'n\n' });
  expect(await opened.diffStat(worktree)).toMatchObject({ filesChanged: 3 });
  expect(await opened.diff(worktree)).toContain('+two');
  const { commit } = await opened.snapshots.take(worktree, { message: 'm' });
  writeFiles(path, { 'a.txt': 'three\n', 'b.dat': 'z\n' });
  await opened.snapshots.restore(worktree, commit);
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('two\n');
  await opened.snapshots.restoreTo(join(folder, 'elsewhere'), 'elsewhere', commit);
  const second = await opened.ensureWorktree(join(worktreesDirectory, 'project/fg-2'), 'forge/fg-2');
  expect(readFileSync(join(second.path, 'a.txt'), 'utf8')).toBe('one\n');
  await findRepository(path, environment);
  expect(await opened.currentBranch()).toBe('main');
  expect(existsSync(proof) ? readFileSync(proof, 'utf8') : '').toBe('');
  // The trap itself works: plain git falls into it.
  git(path, '-c', 'core.fsmonitor=false', 'add', '--all');
  expect(existsSync(proof)).toBe(true);
});

test('filters of the person stay in force, also when the repository tries to change them', async () => {
  const folder = temporaryFolder();
  const global = join(folder, 'gitconfig');
  writeFileSync(global, '[filter "up"]\n\tclean = tr a-z A-Z\n');
  const root = makeRepository(join(folder, 'repo'), { '.gitattributes': '*.up filter=up\n' });
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({
    root,
    worktreesDirectory,
    environment: { ...environment, GIT_CONFIG_GLOBAL: global },
  });
  const worktree = await opened.ensureWorktree(join(worktreesDirectory, 'p/x'), 'forge/x');
  git(root, 'config', 'filter.up.clean', `touch '${folder}/executed'; cat`);
  writeFiles(worktree.path, { 'a.up': 'loud\n' });
  expect(await opened.diff(worktree)).toContain('+LOUD');
  expect(existsSync(join(folder, 'executed'))).toBe(false);
});

test('a worktree that leads to another git directory is not read', async () => {
  const { git: opened, path, folder } = await open();
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  const other = makeRepository(join(folder, 'other'));
  writeFileSync(join(path, '.git'), `gitdir: ${join(other, '.git')}\n`);
  await expect(opened.diffStat(worktree)).rejects.toThrow('no longer leads to');
  await expect(opened.ensureWorktree(path, 'forge/fg-1')).rejects.toThrow('no longer leads to');
});

test('a worktree begins with the present content of another: its commits, and the rest as uncommitted changes', async () => {
  const {
    git: opened,
    path,
    worktreesDirectory,
  } = await open({ 'a.txt': 'one\n', 'gone.txt': 'x', '.gitignore': '*.log\n' });
  const first = await opened.ensureWorktree(path, 'forge/fg-1');
  writeFiles(path, { 'b.txt': 'committed\n' });
  git(path, 'add', 'b.txt');
  git(path, 'commit', '-qm', 'of the first');
  writeFiles(path, { 'a.txt': 'changed\n', 'staged.txt': 's', 'new folder/c d.txt': 'untracked', 'x.log': 'ignored' });
  git(path, 'add', 'staged.txt');
  rmSync(join(path, 'gone.txt'));
  const { commit: content } = await opened.snapshots.take(first, { message: 'kept' });

  const other = join(worktreesDirectory, 'project', 'fg-2');
  const second = await opened.ensureWorktree(other, 'forge/fg-2', { content });
  expect(git(other, 'log', '--format=%s')).toBe('of the first\nfirst\n');
  expect(git(other, 'status', '--porcelain').trimEnd().split('\n').sort()).toEqual([
    ' D gone.txt',
    ' M a.txt',
    '?? "new folder/"',
    '?? staged.txt',
  ]);
  expect(readFileSync(join(other, 'new folder/c d.txt'), 'utf8')).toBe('untracked');
  expect(existsSync(join(other, 'x.log'))).toBe(false);
  // What each does from then on is its own, and asking again changes nothing.
  writeFiles(other, { 'a.txt': 'by the second\n' });
  expect(await opened.ensureWorktree(other, 'forge/fg-2', { content })).toEqual(second);
  expect(readFileSync(join(other, 'a.txt'), 'utf8')).toBe('by the second\n');
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('changed\n');
});
