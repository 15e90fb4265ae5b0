import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worktreeState } from '../support/worktree-state.ts';

async function open(files?: Record<string, string | Buffer>, prepare: (root: string) => void = () => {}) {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'), files);
  prepare(root);
  const opened = await openGit({ root, worktreesDirectory: join(folder, 'worktrees'), environment });
  const path = join(folder, 'worktrees', 'p', 'fg-1');
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  const take = (before?: string) =>
    opened.snapshots.take(worktree, { message: 'm', ...(before === undefined ? {} : { before }) });
  /** As a rewind does it: what is there is kept before. */
  const goBack = async (commit: string) => {
    const kept = await take(commit);
    await opened.snapshots.restore(worktree, commit);
    return kept;
  };
  return { folder, root, path, worktree, snapshots: opened.snapshots, take, goBack };
}

test('what has not changed is the snapshot from before, and a change of any kind is another', async () => {
  const { path, take, snapshots, worktree } = await open({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
  let known = await take();
  const again = () => snapshots.take(worktree, { message: 'again', known });
  expect(await again()).toEqual(known);
  const changes: Record<string, () => void> = {
    content: () => writeFiles(path, { 'a.txt': 'two\n' }),
    mode: () => chmodSync(join(path, 'a.txt'), 0o755),
    untracked: () => writeFiles(path, { 'new/c.txt': 'c\n' }),
    staged: () => void git(path, 'add', 'a.txt'),
    removed: () => rmSync(join(path, 'b.txt')),
    'committed, with the same files': () => void git(path, 'commit', '-qm', 'a'),
    'another branch of the same commit': () => void git(path, 'checkout', '-q', '-b', 'other'),
    link: () => symlinkSync('a.txt', join(path, 'link')),
  };
  for (const [what, change] of Object.entries(changes)) {
    change();
    const next = await again();
    expect(next.content, what).not.toBe(known.content);
    expect(await snapshots.take(worktree, { message: 'm', known: next }), what).toEqual(next);
    known = next;
  }
});

test('the index of the worktree is neither changed nor locked, and a lock of the agent hinders nobody', async () => {
  const { root, path, take } = await open();
  writeFiles(path, { 'b.txt': 'b\n' });
  const index = join(root, '.git/worktrees/fg-1/index');
  const before = readFileSync(index);
  writeFileSync(`${index}.lock`, '');
  await take();
  expect(readFileSync(index)).toEqual(before);
});

test('a lock on the index is said before a rewind changes anything', async () => {
  const { root, path, take, snapshots, worktree } = await open();
  const { commit } = await take();
  writeFiles(path, { 'b.txt': 'b\n' });
  writeFileSync(join(root, '.git/worktrees/fg-1/index.lock'), '');
  await expect(snapshots.restore(worktree, commit)).rejects.toThrow('another git is at work');
  expect(existsSync(join(path, 'b.txt'))).toBe(true);
});

test('an index that was emptied is brought back empty, and nothing of it is missing in the repository', async () => {
  const { root, path, take, goBack } = await open();
  git(path, 'rm', '-r', '-q', '--cached', '.');
  rmSync(join(path, 'a.txt'));
  const then = worktreeState(path);
  const { commit } = await take();
  git(path, 'reset', '-q', '--hard');
  await goBack(commit);
  expect(worktreeState(path)).toEqual(then);
  expect(git(root, 'fsck', '--no-dangling')).not.toContain('missing');
});

test('a merge that is not resolved is brought back as it was, to be resolved', async () => {
  const { root, path, take, goBack } = await open();
  writeFiles(root, { 'a.txt': 'of main\n' });
  git(root, 'commit', '-qam', 'of main');
  writeFiles(path, { 'a.txt': 'of the branch\n' });
  git(path, 'commit', '-qam', 'of the branch');
  expect(() => git(path, 'merge', '-q', 'main')).toThrow();
  const then = worktreeState(path);
  expect(then.index).toMatch(/ 3\ta\.txt/);
  const { commit } = await take();
  git(path, 'merge', '--abort');
  const merged = await goBack(commit);
  expect(worktreeState(path)).toEqual(then);
  writeFiles(path, { 'a.txt': 'of both\n' });
  git(path, 'commit', '-qam', 'Merge');
  expect(git(path, 'log', '-1', '--format=%p').trim().split(' ')).toHaveLength(2);
  // And back to where none was under way.
  await goBack(merged.commit);
  expect(existsSync(join(root, '.git/worktrees/fg-1/MERGE_HEAD'))).toBe(false);
});

test('a repository inside the worktree is left out, said, and never touched', async () => {
  const { path, take, goBack } = await open();
  const first = await take();
  makeRepository(join(path, 'nested'), { 'inside.txt': 'inside\n' });
  git(path, 'init', '-q', 'empty one');
  const { leftOut } = await take();
  expect(leftOut.sort()).toEqual(['empty one/ is a repository of its own', 'nested/ is a repository of its own']);
  await goBack(first.commit);
  expect(readFileSync(join(path, 'nested/inside.txt'), 'utf8')).toBe('inside\n');
});

test('a repository that is where a file has to be is not overwritten: nothing is done', async () => {
  const { path, take, snapshots, worktree } = await open({ nested: 'a file\n', 'a.txt': 'one\n' });
  const { commit } = await take();
  rmSync(join(path, 'nested'));
  makeRepository(join(path, 'nested'), { 'inside.txt': 'inside\n' });
  writeFiles(path, { 'a.txt': 'two\n' });
  await expect(take(commit)).rejects.toThrow('nested is in the way: it is a repository of its own');
  await expect(snapshots.restore(worktree, commit)).rejects.toThrow('in the way');
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('two\n');
});

test('a submodule is at the commit of then; what is inside is left as it is, and nothing that it names runs', async () => {
  const { folder, path, take, goBack } = await open({ 'a.txt': 'one\n' }, (root) => {
    const library = makeRepository(join(root, '..', 'library'), { 'l.txt': 'l\n' });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
    git(root, 'commit', '-qm', 'With a library');
  });
  git(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
  const proof = join(folder, 'executed');
  const evil = join(folder, 'evil.sh');
  writeFileSync(evil, `#!/bin/sh\ntouch '${proof}'\n`, { mode: 0o755 });
  git(join(path, 'lib'), 'config', 'core.fsmonitor', evil);
  writeFileSync(join(path, 'lib/l.txt'), 'changed inside\n');
  const { commit } = await take();
  git(join(path, 'lib'), '-c', 'core.fsmonitor=false', 'commit', '-qam', 'inside');
  git(path, '-c', 'core.fsmonitor=false', 'update-index', '--add', '--', 'lib');
  writeFileSync(join(path, 'lib/l.txt'), 'more inside\n');
  rmSync(proof, { force: true });
  await goBack(commit);
  expect(existsSync(proof)).toBe(false);
  expect(git(path, '-c', 'core.fsmonitor=false', 'diff', '--cached', '--ignore-submodules=dirty')).toBe('');
  expect(readFileSync(join(path, 'lib/l.txt'), 'utf8')).toBe('more inside\n');
});

test('a huge untracked file is left out, said, and stays; one that a rewind would overwrite is kept all the same', async () => {
  const { path, take, goBack } = await open({ 'a.txt': 'one\n' });
  writeFiles(path, { 'data.bin': 'small\n' });
  const { commit } = await take();
  const huge = (name: string) => {
    writeFileSync(join(path, name), 'huge');
    truncateSync(join(path, name), 101 * 1024 * 1024);
  };
  huge('film.bin');
  huge('data.bin');
  for (let n = 0; n < 2; n += 1) {
    expect((await take()).leftOut.sort()).toEqual(['data.bin has 101 MB', 'film.bin has 101 MB']);
  }
  const kept = await goBack(commit);
  expect(readFileSync(join(path, 'data.bin'), 'utf8')).toBe('small\n');
  expect(readFileSync(join(path, 'film.bin')).length).toBe(101 * 1024 * 1024);
  await goBack(kept.commit);
  expect(readFileSync(join(path, 'data.bin')).subarray(0, 5).toString()).toBe('huge\0');
});

test.skipIf(process.getuid?.() === 0)('a file that cannot be read is left out, and said', async () => {
  const { path, take } = await open();
  writeFiles(path, { secret: 's' });
  chmodSync(join(path, 'secret'), 0);
  expect((await take()).leftOut).toEqual(['secret cannot be read']);
});

test('ignored files stay, also when the rules came or went meanwhile', async () => {
  const { path, take, goBack } = await open({ 'a.txt': 'one\n', '.gitignore': 'build/\n' });
  writeFiles(path, { 'build/out': 'built\n', 'notes.log': 'notes\n' });
  const { commit } = await take();
  // The rule that hid build is gone, another one hides what the checkpoint has.
  writeFiles(path, { '.gitignore': '*.log\n', 'notes.log': 'changed\n', 'build/out': 'built again\n' });
  const kept = await goBack(commit);
  expect(readFileSync(join(path, 'notes.log'), 'utf8')).toBe('notes\n');
  expect(readFileSync(join(path, 'build/out'), 'utf8')).toBe('built again\n');
  await goBack(kept.commit);
  expect(readFileSync(join(path, 'notes.log'), 'utf8')).toBe('changed\n');
});

test('a sparse checkout stays sparse: what was not on the disk is not brought there', async () => {
  const { path, take, goBack } = await open({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n', 'out/c.txt': 'c\n' });
  git(path, 'sparse-checkout', 'set', 'in');
  writeFiles(path, { 'in/new.txt': 'new\n', 'out/mine.txt': 'mine\n' });
  const then = worktreeState(path);
  expect(then.marks).toContain('S out/b.txt');
  const { commit } = await take();
  git(path, 'sparse-checkout', 'disable');
  writeFiles(path, { 'out/b.txt': 'changed\n' });
  git(path, 'commit', '-qam', 'out');
  git(path, 'sparse-checkout', 'set', 'in');
  writeFiles(path, { 'in/new.txt': 'newer\n' });
  await goBack(commit);
  expect(worktreeState(path)).toEqual(then);
  expect(existsSync(join(path, 'out/b.txt'))).toBe(false);
});

test('a pointer of git-lfs is a file as any other where git-lfs is not set up', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12\n';
  const { path, take, goBack } = await open({ '.gitattributes': '*.bin filter=lfs -text\n', 'a.bin': pointer });
  writeFiles(path, { 'b.bin': pointer });
  const { commit } = await take();
  writeFiles(path, { 'a.bin': 'other\n' });
  rmSync(join(path, 'b.bin'));
  await goBack(commit);
  expect(readFileSync(join(path, 'a.bin'), 'utf8')).toBe(pointer);
  expect(readFileSync(join(path, 'b.bin'), 'utf8')).toBe(pointer);
});

test('names that are no text, and names that look like options, are files as any other', async () => {
  const { path, take, goBack } = await open();
  const strange = Buffer.concat([Buffer.from(`${path}/x-`), Buffer.from([0xff, 0xfe])]);
  writeFileSync(strange, 'one\n');
  writeFiles(path, { '--force': 'o\n', ':(top)x': 'p\n', 'a\nb': 'n\n', '*': 's\n' });
  const then = worktreeState(path);
  const { commit } = await take();
  writeFileSync(strange, 'two\n');
  for (const name of ['--force', ':(top)x', 'a\nb', '*']) rmSync(join(path, name));
  await goBack(commit);
  expect(worktreeState(path)).toEqual(then);
  expect(readFileSync(strange, 'utf8')).toBe('one\n');
});

test('a branch that another worktree has by now is not taken from it', async () => {
  const { folder, root, path, take, snapshots, worktree } = await open();
  const { commit } = await take();
  git(path, 'checkout', '-q', '-b', 'side');
  git(root, 'worktree', 'add', '-q', join(folder, 'elsewhere'), 'forge/fg-1');
  await expect(snapshots.restore(worktree, commit)).rejects.toThrow('is checked out in');
});

test('commits that a rewind takes the branch from are held by what was kept', async () => {
  const { root, path, take, goBack } = await open();
  const { commit } = await take();
  writeFiles(path, { 'b.txt': 'b\n' });
  git(path, 'add', 'b.txt');
  git(path, 'commit', '-qm', 'work');
  const work = git(path, 'rev-parse', 'HEAD').trim();
  git(path, 'checkout', '-q', '--detach', 'HEAD~');
  const kept = await goBack(commit);
  expect(git(root, 'merge-base', work, kept.commit).trim()).toBe(work);
});

test('a change within the second in which a snapshot was taken is seen by the next', async () => {
  const { path, take } = await open({ 'a.txt': 'one\n' });
  const second = 1_700_000_000;
  writeFiles(path, { 'u.txt': 'one\n' });
  utimesSync(join(path, 'u.txt'), second, second);
  const first = await take();
  utimesSync(join(path, '../.forge-made/fg-1.index'), second, second);
  git(path, 'config', 'core.trustctime', 'false');
  writeFileSync(join(path, 'u.txt'), 'two\n');
  utimesSync(join(path, 'u.txt'), second, second);
  expect((await take()).content).not.toBe(first.content);
});

test('an index of the agent that is damaged keeps nothing from being kept', async () => {
  const { root, path, take, goBack } = await open();
  const { commit } = await take();
  writeFiles(path, { 'b.txt': 'b\n' });
  writeFileSync(join(root, '.git/worktrees/fg-1/index'), 'no index');
  const kept = await goBack(commit);
  expect(git(root, 'show', `${kept.commit}:b.txt`)).toBe('b\n');
  expect(git(path, 'status', '--porcelain')).toBe('');
});

test('a kept index that is damaged costs time and nothing else', async () => {
  const { path, take } = await open();
  writeFiles(path, { 'b.txt': 'b\n' });
  const { content } = await take();
  writeFileSync(join(path, '../.forge-made/fg-1.index'), 'no index');
  expect((await take()).content).toBe(content);
  mkdirSync(join(path, 'c'));
  writeFileSync(join(path, '../.forge-made/fg-1.index.json'), '{"version":1}');
  expect((await take()).content).toBe(content);
});
