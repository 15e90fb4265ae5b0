import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshBase } from '../../src/git/fetch-base.ts';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git } from '../support/git-repository.ts';
import { worktreeWorld } from '../support/worktree-world.ts';

// Where new branches begin.

/** A clone whose remote is a commit further than it knows. */
async function behind() {
  const world = await worktreeWorld();
  const remote = join(world.folder, 'remote.git');
  git(world.folder, 'clone', '--quiet', '--bare', world.root, remote);
  git(world.root, 'remote', 'add', 'origin', remote);
  git(world.root, 'fetch', '--quiet', 'origin');
  const other = join(world.folder, 'other');
  git(world.folder, 'clone', '--quiet', remote, other);
  const newest = world.commit(other, 'news.txt');
  git(other, 'push', '--quiet', 'origin', 'main');
  return { ...world, remote, other, newest, old: git(world.root, 'rev-parse', 'HEAD').trim() };
}

/** All that is the person's own of a repository. */
const theirs = (root: string) =>
  [git(root, 'for-each-ref', 'refs/heads', 'refs/remotes', 'refs/tags'), git(root, 'config', '--local', '--list')].join(
    '',
  );

test.each(['remote', 'main'])('%s begins at what the remote has now, and nothing of the person moves', async (wish) => {
  const world = await behind();
  const before = theirs(world.root);
  expect(await world.trees.freshBase(wish)).toEqual({ commit: world.newest, note: null });
  expect(theirs(world.root)).toBe(before);
  const path = join(world.directory, 'fg-1');
  const made = await world.opened.ensureWorktree(path, 'forge/fg-1', { base: world.newest });
  expect(made.base).toBe(world.newest);
  expect(readFileSync(join(path, 'news.txt'), 'utf8')).toBe('news.txt\n');
});

test('head begins where the checkout is, and asks nobody', async () => {
  const world = await behind();
  git(world.root, 'remote', 'set-url', 'origin', '/nonexistent');
  expect(await world.trees.freshBase('head')).toEqual({ commit: null, note: null });
});

test('a branch that is further here than at the remote begins as it is here', async () => {
  const world = await behind();
  git(world.root, 'pull', '--quiet', '--ff-only', 'origin', 'main');
  const mine = world.commit(world.root, 'mine.txt');
  expect(await world.trees.freshBase('main')).toEqual({ commit: mine, note: null });
});

test('out of reach of the remote it is said, and begun at what is here', async () => {
  const world = await behind();
  git(world.root, 'remote', 'set-url', 'origin', join(world.folder, 'gone.git'));
  const { commit, note } = await world.trees.freshBase('main');
  expect(commit).toBe(world.old);
  expect(note).toMatch(/^origin could not be asked for main \('.*gone\.git' does not appear.*begun at what is here\.$/);
  const branch = world.trees.freshBase('no-such-branch');
  await expect(branch).rejects.toThrow('There is no branch no-such-branch here or at origin');
});

test('a remote that does not answer is left after the time that it has', async () => {
  const world = await behind();
  const ssh = join(world.folder, 'ssh');
  writeFileSync(ssh, '#!/bin/sh\nexec sleep 60\n');
  chmodSync(ssh, 0o755);
  const config = join(world.folder, 'gitconfig');
  writeFileSync(config, `[core]\n\tsshCommand = ${ssh}\n`);
  git(world.root, 'remote', 'set-url', 'origin', 'ssh://nowhere.invalid/x.git');
  const main = {
    cwd: world.root,
    environment: { ...environment, GIT_CONFIG_GLOBAL: config },
    variables: { GIT_DIR: join(world.root, '.git') },
  };
  const { commit, note } = await freshBase(main, 'main', 300);
  expect(commit).toBe(world.old);
  expect(note).toContain('git took longer than 0.3 s');
});

test('those that begin at once share one fetch', async () => {
  const world = await behind();
  const log = join(world.folder, 'log');
  const wrapper = join(world.folder, 'upload-pack');
  writeFileSync(wrapper, `#!/bin/sh\necho asked >> ${log}\nshift\neval exec "$@"\n`);
  chmodSync(wrapper, 0o755);
  const config = join(world.folder, 'gitconfig');
  writeFileSync(config, `[core]\n\tsshCommand = ${wrapper}\n[protocol]\n\tversion = 0\n[ssh]\n\tvariant = simple\n`);
  git(world.root, 'remote', 'set-url', 'origin', `ssh://host${world.remote}`);
  const opened = await openGit({
    ...{ root: world.root, worktreesDirectory: world.worktreesDirectory },
    environment: { ...environment, GIT_CONFIG_GLOBAL: config },
  });
  const bases = await Promise.all(Array.from({ length: 8 }, () => opened.worktrees.freshBase('main')));
  expect(new Set(bases.map(({ commit }) => commit))).toEqual(new Set([world.newest]));
  expect(readFileSync(log, 'utf8')).toBe('asked\n');
});

test('what the repository names for talking to a remote is not run', async () => {
  const world = await behind();
  const ran = join(world.folder, 'ran');
  const evil = join(world.folder, 'evil');
  writeFileSync(evil, `#!/bin/sh\necho "$0" >> ${ran}\nexit 1\n`);
  chmodSync(evil, 0o755);
  const planted = {
    'core.sshCommand': evil,
    'core.gitProxy': evil,
    'core.askPass': evil,
    'credential.helper': evil,
    'credential.https://localhost.helper': evil,
    'remote.origin.uploadpack': evil,
    'core.hooksPath': world.folder,
    'core.alternateRefsCommand': evil,
  };
  const urls = [`ext::${evil}`, 'git://localhost:1/x', 'https://localhost:1/x', 'evil::x', 'ssh://-oProxyCommand=x/y'];
  // A branch for each, since a fetch is shared for some seconds.
  for (const url of urls) git(world.root, 'branch', `b${url.length}`);
  for (const [key, value] of Object.entries(planted)) git(world.root, 'config', key, value);
  writeFileSync(join(world.folder, 'reference-transaction'), readFileSync(evil), { mode: 0o755 });
  expect(await world.trees.freshBase('main')).toEqual({ commit: world.newest, note: null });
  for (const url of urls) {
    git(world.root, 'remote', 'set-url', 'origin', url);
    const opened = await openGit({ root: world.root, worktreesDirectory: world.worktreesDirectory, environment });
    expect((await opened.worktrees.freshBase(`b${url.length}`)).note).toContain('could not be asked');
  }
  expect(() => readFileSync(ran)).toThrow('ENOENT');
});
