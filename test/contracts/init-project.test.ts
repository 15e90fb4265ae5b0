import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/base/errors.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { initProject, prefixOf } from '../../src/git/init-project.ts';
import { openGit } from '../../src/git/open-git.ts';
import { openStore } from '../../src/store/open-store.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const coded = (code: ErrorCode) => expect.objectContaining({ code });

/** Everything of a repository that a teammate could see, or that Forge has no business to change. */
function fingerprint(root: string) {
  const files = git(root, 'ls-files', '-z')
    .split('\0')
    .filter((path) => path !== '');
  return {
    status: git(root, 'status', '--porcelain', '--ignored=no'),
    tracked: files.map((path) => [path, readFileSync(join(root, path)).toString('base64')]),
    hooks: readdirSync(join(root, '.git/hooks')).sort(),
    config: readFileSync(join(root, '.git/config'), 'utf8'),
    settings: git(root, 'config', '--local', '--list'),
    refs: git(root, 'for-each-ref'),
    reflog: git(root, 'reflog', '--all'),
    index: readFileSync(join(root, '.git/index')).toString('base64'),
  };
}

test('stealth leaves no trace, through the whole life of a task', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'), {
    '.gitignore': 'x\n',
    '.gitattributes': '* text\n',
    'a.txt': 'a\n',
  });
  writeFiles(root, { 'untracked.txt': 'u' });
  writeFileSync(join(root, '.git/info/exclude'), '# mine\n*.tmp');
  const before = fingerprint(root);
  const result = await initProject({ cwd: root, mode: 'stealth', environment });
  expect(result.files).toEqual(['.git/info/exclude', '.forge/config.yaml', '.forge/tasks.jsonl']);
  expect(readFileSync(join(root, '.git/info/exclude'), 'utf8')).toBe('# mine\n*.tmp\n/.forge/\n');
  const store = openStore({ directory: join(root, '.forge'), prefix: result.prefix, clock: Date.now, jsonl: true });
  store.tasks.add({ title: 'quiet' });
  store.dispose();
  expect(fingerprint(root)).toEqual(before);
  const opened = await openGit({ root, worktreesDirectory: join(folder, 'worktrees'), environment });
  const worktree = await opened.ensureWorktree(join(folder, 'worktrees/p/x'), 'forge/x');
  await opened.diffStat(worktree);
  const { refs: _, reflog: __, ...rest } = before;
  expect(fingerprint(root)).toMatchObject(rest);
  expect(git(root, 'log', '--all', '--format=%B')).toBe('first\n\n');
});

test('stealth works without info/, from a worktree, and again without a second line', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'));
  rmSync(join(root, '.git/info'), { recursive: true });
  git(root, 'worktree', 'add', '--quiet', join(folder, 'linked'));
  await initProject({ cwd: join(folder, 'linked'), mode: 'stealth', environment });
  expect(existsSync(join(root, '.forge/config.yaml'))).toBe(true);
  await expect(initProject({ cwd: root, mode: 'stealth', environment })).rejects.toThrow(coded('project.exists'));
  rmSync(join(root, '.forge'), { recursive: true });
  expect((await initProject({ cwd: root, mode: 'stealth', environment })).files).not.toContain('.git/info/exclude');
  expect(readFileSync(join(root, '.git/info/exclude'), 'utf8')).toBe('/.forge/\n');
});

test('stealth that a .gitignore would break is refused and undone', async () => {
  const root = makeRepository(join(temporaryFolder(), 'repo'), { '.gitignore': '!.forge\n!.forge/\n' });
  const before = readFileSync(join(root, '.git/info/exclude'), 'utf8');
  await expect(initProject({ cwd: root, mode: 'stealth', environment })).rejects.toThrow(coded('repository.unusable'));
  expect(readFileSync(join(root, '.git/info/exclude'), 'utf8')).toBe(before);
  expect(existsSync(join(root, '.forge'))).toBe(false);
});

test('standard makes files for the person to commit, and hides the state of the machine', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'My Great App'));
  const result = await initProject({ cwd: root, mode: 'standard', agents: ['codex', 'claude'], environment });
  expect(result).toEqual({
    root,
    mode: 'standard',
    prefix: 'mga',
    files: [
      '.git/info/exclude',
      '.forge/.gitattributes',
      '.forge/.gitignore',
      '.forge/config.yaml',
      '.forge/tasks.jsonl',
    ],
  });
  const store = openStore({ directory: join(root, '.forge'), prefix: 'mga', clock: Date.now, jsonl: true });
  mkdirSync(join(root, '.forge/runs'));
  writeFiles(root, { '.forge/runs/x': 'x', '.forge/tasks.jsonl.bad': 'x' });
  const status = git(root, 'status', '--porcelain', '--untracked-files=all');
  store.dispose();
  expect(status).toBe('?? .forge/.gitattributes\n?? .forge/.gitignore\n?? .forge/config.yaml\n?? .forge/tasks.jsonl\n');
  const { config } = loadConfig({ forgeHome: folder, projectRoot: root, environment: {} });
  expect(config).toMatchObject({ prefix: 'mga', mode: 'standard' });
  expect(config.workers.map((worker) => worker.agent)).toEqual(['codex', 'codex', 'claude']);
});

test('the written settings are valid without agents too', async () => {
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'r'));
  await initProject({ cwd: root, mode: 'stealth', prefix: 'ab', environment });
  const { config } = loadConfig({ forgeHome: folder, projectRoot: root, environment: {} });
  expect(config).toMatchObject({
    prefix: 'ab',
    mode: 'stealth',
    workers: [{ name: 'worker-1' }, { name: 'worker-2' }],
  });
});

test('a bad prefix is refused before anything is written', async () => {
  const root = makeRepository(join(temporaryFolder(), 'r'));
  await expect(initProject({ cwd: root, mode: 'standard', prefix: 'A-', environment })).rejects.toThrow(
    coded('usage.invalid'),
  );
  expect(existsSync(join(root, '.forge'))).toBe(false);
});

test.each([
  ['forge', 'fg'],
  ['my-app', 'ma'],
  ['api', 'ap'],
  ['The Quick Brown Fox', 'tqb'],
  ['x', 'fg'],
  ['日本', 'fg'],
  ['7-zip', 'fg'],
  ['aa', 'aa'],
])('the folder %s gives the prefix %s', (name, prefix) => {
  expect(prefixOf(name)).toBe(prefix);
});
