import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../../src/worktrees/prepare-worktree.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Which ignored files a new worktree gets: those that `.worktreeinclude` names.

const never = new AbortController().signal;
const setup = createWorktreeSetup(() => ({}), createPortBlocks('/nonexistent'));

async function open(patterns: string, ignored: Record<string, string>) {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'shop'), {
    '.gitignore': '.env*\n/local/\nnode_modules/\n*.key\n',
    '.worktreeinclude': patterns,
    'src/a.txt': 'a',
  });
  writeFiles(root, ignored);
  const opened = await openGit({ root, worktreesDirectory: join(folder, 'worktrees'), environment });
  const worktree = join(folder, 'worktree');
  git(root, 'worktree', 'add', '-q', worktree);
  const copy = async () =>
    setup.prepare(worktree, root, { copy: await opened.includedFiles(), setup: [], env: {} }, never);
  return { folder, root, worktree, git: opened, copy };
}

test('ignored files that match are copied, with their modes; what git does not ignore, or Forge keeps, is not', async () => {
  const {
    root,
    worktree,
    git: opened,
    copy,
  } = await open('# for worktrees\n.env*\n!.env.production\nlocal/**/*.json\n*.key\n*.txt\n.forge/\n', {
    '.env': 'E=1',
    'packages/web/.env.local': 'W=1',
    '.env.production': 'P=1',
    'local/deep/er/a b.json': '{}',
    'local/line\nbreak.json': '[]',
    'local/other.yaml': 'no',
    'run.key': 'k',
    'draft.txt': 'untracked, not ignored',
    '.forge/forge.db': 'db',
  });
  writeFileSync(join(root, '.git/info/exclude'), '.forge/\n');
  chmodSync(join(root, 'run.key'), 0o600);
  const expected = ['.env', 'local/deep/er/a b.json', 'local/line\nbreak.json', 'packages/web/.env.local', 'run.key'];
  expect((await opened.includedFiles()).sort()).toEqual(expected);
  await copy();
  for (const path of expected) expect(readFileSync(join(worktree, path))).toEqual(readFileSync(join(root, path)));
  expect(statSync(join(worktree, 'run.key')).mode & 0o777).toBe(0o600);
  for (const path of ['draft.txt', '.env.production', 'local/other.yaml', '.forge']) {
    expect([path, existsSync(join(worktree, path))]).toEqual([path, false]);
  }
});

test('no link leads out of the repository, and a repository inside is left alone', async () => {
  const { folder, root, worktree, git: opened, copy } = await open('*.key\n/local/\n', { 'local/own.txt': 'own' });
  writeFiles(folder, { 'elsewhere/stolen.key': 'secret', 'elsewhere/deep/b.txt': 'b' });
  symlinkSync(join(folder, 'elsewhere/stolen.key'), join(root, 'link.key'));
  symlinkSync(join(folder, 'elsewhere'), join(root, 'local/linked'));
  makeRepository(join(root, 'local/inner'));
  await copy();
  expect(existsSync(join(worktree, 'local/own.txt'))).toBe(true);
  for (const path of ['link.key', 'local/linked', 'local/inner/a.txt']) {
    expect([path, existsSync(join(worktree, path))]).toEqual([path, false]);
  }
  const byHand = setup.prepare(worktree, root, { copy: ['local/linked/stolen.key'], setup: [], env: {} }, never);
  await expect(byHand).rejects.toThrow('leads out of');
  expect(await opened.includedFiles()).not.toContain('local/linked/stolen.key');
});

test('50,000 ignored files are looked through in seconds, and naming them all is refused with what to do', async () => {
  const { root, git: opened } = await open('.env\n', { '.env': 'E=1' });
  for (let folder = 0; folder < 500; folder++) {
    const path = join(root, 'node_modules', `package-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 100; file++) writeFileSync(join(path, `${file}.js`), '');
  }
  const before = performance.now();
  expect(await opened.includedFiles()).toEqual(['.env']);
  expect(performance.now() - before).toBeLessThan(30_000);
  writeFileSync(join(root, '.worktreeinclude'), '*\n');
  await expect(opened.includedFiles()).rejects.toThrow(/names 50001 ignored files, of which 50000 are in node_modules/);
});

test('without the file nothing is copied; a file that the branch has itself stays', async () => {
  const { root, worktree, copy } = await open('.env\n', { '.env': 'of the checkout' });
  writeFiles(worktree, { '.env': 'of the branch' });
  await copy();
  expect(readFileSync(join(worktree, '.env'), 'utf8')).toBe('of the branch');
  const { git: opened } = await open('', { '.env': 'E=1' });
  expect(await opened.includedFiles()).toEqual([]);
  expect(existsSync(join(root, '.env'))).toBe(true);
});
