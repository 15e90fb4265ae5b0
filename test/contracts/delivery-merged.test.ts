import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandHost } from '../../src/code-hosts/command-host.ts';
import { createDelivery } from '../../src/git/delivery/create-delivery.ts';
import { type DeliveryWorld, openDeliveryWorld } from '../support/delivery-world.ts';
import { git, writeFiles } from '../support/git-repository.ts';
import { scriptedCodeHost } from '../support/scripted-code-host.ts';

async function deliver(world: DeliveryWorld, name = 'bread', files: Record<string, string> = { 'b.txt': 'b\n' }) {
  const worktree = await world.worktree(name, files);
  const outcome = await world.delivery.deliver(world.request('branch', worktree));
  expect(outcome).toMatchObject({ type: 'done', awaits: true });
  const delivered = world.delivered(worktree, (outcome as { commit: string }).commit);
  expect(await world.delivery.merged(delivered)).toBeNull();
  return { worktree, delivered };
}

function commitHere(world: DeliveryWorld, files: Record<string, string>): void {
  writeFiles(world.root, files);
  git(world.root, 'add', '-A');
  git(world.root, 'commit', '--quiet', '-m', 'by a person');
}

const seen = { type: 'seen', reason: 'bread was merged.' };

test('a merge and a fast forward are seen', async () => {
  for (const way of ['--no-ff', '--ff-only']) {
    const world = await openDeliveryWorld();
    const { delivered } = await deliver(world);
    git(world.root, 'merge', '--quiet', way, 'bread');
    expect(await world.delivery.merged(delivered)).toEqual(seen);
  }
});

test('a squash is seen, also when the same lines were changed again before anybody looked', async () => {
  const world = await openDeliveryWorld();
  const { delivered } = await deliver(world, 'bread', { 'a.txt': 'bread\n' });
  commitHere(world, { 'c.txt': 'c\n' });
  git(world.root, 'merge', '--quiet', '--squash', 'bread');
  git(world.root, 'commit', '--quiet', '-m', 'squashed');
  commitHere(world, { 'a.txt': 'again\n' });
  expect(await world.delivery.merged(delivered)).toEqual(seen);
});

test('a rebase is seen, and so is what somebody only fetched', async () => {
  const world = await openDeliveryWorld();
  const { worktree, delivered } = await deliver(world);
  commitHere(world, { 'c.txt': 'c\n' });
  git(world.root, 'cherry-pick', 'bread');
  git(world.root, 'push', '--quiet', 'origin', 'main');
  git(world.root, 'reset', '--quiet', '--hard', 'HEAD~2');
  expect(worktree.branch).toBe('bread');
  expect(await world.delivery.merged(delivered)).toEqual(seen);
});

test('what a person commits on the branch meanwhile has to be merged too', async () => {
  const world = await openDeliveryWorld();
  const { worktree, delivered } = await deliver(world);
  writeFiles(worktree.path, { 'more.txt': 'more\n' });
  git(worktree.path, 'add', '-A');
  git(worktree.path, 'commit', '--quiet', '-m', 'more');
  git(world.root, 'merge', '--quiet', '--no-ff', delivered.commit);
  expect(await world.delivery.merged(delivered)).toBeNull();
  git(world.root, 'merge', '--quiet', 'bread');
  expect(await world.delivery.merged(delivered)).toEqual(seen);
});

test('a branch that was deleted unmerged is said, with the way back; merged before that, it was merged', async () => {
  const world = await openDeliveryWorld();
  const { worktree, delivered } = await deliver(world);
  git(worktree.path, 'checkout', '--quiet', '--detach');
  git(world.root, 'branch', '--quiet', '-D', 'bread');
  const missed = await world.delivery.merged(delivered);
  expect(missed).toEqual({ type: 'missed', reason: expect.stringContaining('deleted before it was merged') });
  git(worktree.path, 'checkout', '--quiet', '--detach', 'main');
  git(world.root, 'reflog', 'expire', '--expire=now', '--all');
  git(world.root, 'gc', '--quiet', '--prune=now');
  const [, name = '', commit = ''] = /git branch (\S+) (\S+)$/.exec(missed?.reason ?? '') ?? [];
  git(world.root, 'branch', name, commit);
  git(world.root, 'merge', '--quiet', '--no-ff', 'bread');
  git(world.root, 'branch', '--quiet', '-D', 'bread');
  expect(await world.delivery.merged(delivered)).toEqual(seen);
});

test('a pull request is made once, found after a kill, and followed until it is merged', async () => {
  const world = await openDeliveryWorld();
  const { command, rows, settle } = scriptedCodeHost(world.folder);
  const host = commandHost({ command, cwd: world.root, environment: world.environment });
  const options = { root: world.root, commonDir: world.git.commonDir, environment: world.environment };
  const open = () => createDelivery({ ...options, codeHost: () => host, patchesDirectory: () => world.folder });
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  const templates = { commit: '{title}', prTitle: 'PR: {title}', prBody: '{body}\n\n{files}\n\n{gates}' };
  const request = world.request('pr', worktree, { templates, gates: ['test', 'lint'] });
  const outcome = await open().deliver(request);
  expect(outcome).toMatchObject({ type: 'done', awaits: true, pullRequest: 'https://host.example/pull/1' });
  expect(await open().deliver(request)).toEqual(outcome);
  expect(rows()).toEqual([
    expect.objectContaining({
      branch: 'bread',
      base: 'main',
      title: 'PR: Do bread',
      body: 'As it should be.\n\n- b.txt\n\ntest, lint',
    }),
  ]);
  const commit = git(world.remote, 'rev-parse', 'bread').trim();
  const delivered = world.delivered(worktree, commit, { pullRequest: 'https://host.example/pull/1' });
  expect(await open().merged(delivered)).toBeNull();
  await settle('bread', 'closed');
  expect(await open().merged(delivered)).toEqual({
    type: 'missed',
    reason: expect.stringContaining('closed and not merged'),
  });
  await settle('bread', 'merged');
  expect(await open().merged(delivered)).toEqual({
    type: 'seen',
    reason: 'bread was merged. https://host.example/pull/1',
  });
});

test('without a code host, or without a remote, a pull request is refused with what to do, and nothing is pushed', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  const outcome = await world.delivery.deliver(world.request('pr', worktree));
  expect(outcome).toEqual({ type: 'failed', reason: expect.stringContaining('codeHost.command') });
  expect(git(world.remote, 'for-each-ref', 'refs/heads/bread')).toBe('');
});

test('in stealth nothing that leaves says anything of the supervisor, whatever the template names', async () => {
  const world = await openDeliveryWorld();
  const { command, rows } = scriptedCodeHost(world.folder);
  const host = commandHost({ command, cwd: world.root, environment: world.environment });
  const delivery = createDelivery({
    ...{ root: world.root, commonDir: world.git.commonDir, environment: world.environment },
    ...{ codeHost: () => host, patchesDirectory: () => join(world.folder, 'patches') },
  });
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  const text = '{title}\n\n{body}\n\n{task}';
  const changes = { isStealth: true, templates: { commit: text, prTitle: text, prBody: text } };
  const patch = await delivery.deliver(world.request('patch', worktree, changes));
  await delivery.deliver(world.request('pr', worktree, changes));
  git(world.folder, 'clone', '--quiet', '--mirror', world.remote, 'mirror');
  const mirror = join(world.folder, 'mirror');
  const left = [
    git(mirror, 'for-each-ref'),
    git(mirror, 'log', '--all', '--patch', '--format=raw', '--show-notes=*'),
    JSON.stringify(rows().map(({ branch, base, title, body }) => ({ branch, base, title, body }))),
    readFileSync((patch as { patch: string }).patch, 'utf8'),
  ];
  for (const seenByOthers of left) expect(seenByOthers).not.toMatch(/forge|fg-/i);
});

test('a git that is too old to try a merge delivers, and says that it was not tried', async () => {
  const world = await openDeliveryWorld();
  const bin = join(world.folder, 'bin');
  writeFiles(world.folder, {
    'bin/git': `#!/bin/sh\nfor word; do [ "$word" = merge-tree ] && { echo "usage: git merge-tree <base-tree> <branch1> <branch2>" >&2; exit 129; }; done\nPATH="${process.env.PATH}" exec git "$@"\n`,
  });
  chmodSync(join(bin, 'git'), 0o755);
  const environment = { ...world.environment, PATH: `${bin}:${process.env.PATH}` };
  const options = { root: world.root, commonDir: world.git.commonDir, environment };
  const old = createDelivery({ ...options, codeHost: () => null, patchesDirectory: () => world.folder });
  const worktree = await world.worktree('bread', { 'a.txt': 'bread\n' });
  writeFileSync(join(world.root, 'a.txt'), 'person\n');
  git(world.root, 'commit', '--quiet', '-am', 'person');
  const outcome = await old.deliver(world.request('branch', worktree));
  expect(outcome).toMatchObject({ type: 'done', reason: expect.stringContaining('needs git 2.38 or newer') });
});
