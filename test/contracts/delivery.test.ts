import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeliveryOutcome } from '../../src/ports/delivery.ts';
import { openDeliveryWorld, trap } from '../support/delivery-world.ts';
import { git, makeRepository, writeFiles } from '../support/git-repository.ts';

function commitOf(outcome: DeliveryOutcome): string {
  expect(outcome).toMatchObject({ type: 'done' });
  return (outcome as { commit: string }).commit;
}

const says = (text: string) => expect.objectContaining({ reason: expect.stringContaining(text) });

test('everything in the worktree is committed on its branch in the name of the person, once', async () => {
  const world = await openDeliveryWorld({ 'a.txt': 'one\n', 'gone.txt': 'x\n' });
  const worktree = await world.worktree('bread', { 'a.txt': 'two\n', 'new/b.bin': Buffer.from([0, 1, 255]) });
  rmSync(join(worktree.path, 'gone.txt'));
  const templates = { commit: '{title}\n\n{body}\n\n{task}', prTitle: '', prBody: '' };
  const request = world.request('commit', worktree, { templates });
  const commit = commitOf(await world.delivery.deliver(request));
  expect(git(world.root, 'log', '--format=%an <%ae> %cn: %B', `main..bread`)).toBe(
    'Ada <ada@example.org> Ada: Do bread\n\nAs it should be.\n\nfg-bread\n\n',
  );
  expect(git(world.root, 'diff', '--name-status', 'main', 'bread').split('\n').sort()).toEqual([
    ...['', 'A\tnew/b.bin', 'D\tgone.txt', 'M\ta.txt'],
  ]);
  expect(git(worktree.path, 'status', '--porcelain')).toBe('');
  expect(commitOf(await world.delivery.deliver(request))).toBe(commit);
  expect(git(world.root, 'rev-list', '--count', 'main..bread')).toBe('1\n');
});

test("the agent's own commits stay as they are, and what it left uncommitted comes on top", async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  git(worktree.path, 'add', '-A');
  git(worktree.path, 'commit', '--quiet', '-m', 'by the agent');
  const own = git(worktree.path, 'rev-parse', 'HEAD').trim();
  expect(commitOf(await world.delivery.deliver(world.request('commit', worktree)))).toBe(own);
  writeFiles(worktree.path, { 'c.txt': 'c\n' });
  commitOf(await world.delivery.deliver(world.request('commit', worktree)));
  expect(git(world.root, 'log', '--format=%s', 'main..bread')).toBe('Do bread\nby the agent\n');
});

test('nothing to deliver is said, also for work that the branch has already', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread');
  const nothing = await world.delivery.deliver(world.request('branch', worktree));
  expect(nothing).toEqual({ type: 'done', reason: 'There was nothing to deliver.', awaits: false, commit: null });
  writeFiles(worktree.path, { 'b.txt': 'b\n' });
  commitOf(await world.delivery.deliver(world.request('commit', worktree)));
  git(world.root, 'merge', '--quiet', '--ff-only', 'bread');
  expect(await world.delivery.deliver(world.request('branch', worktree))).toMatchObject({
    ...{ type: 'done', awaits: false, commit: null, reason: 'main has it already.' },
  });
});

test('git that does not know the person is told what to do', async () => {
  const world = await openDeliveryWorld();
  writeFileSync(join(world.folder, 'gitconfig'), '');
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  await expect(world.delivery.deliver(world.request('commit', worktree))).rejects.toMatchObject({
    ...{ code: 'git.identity', next: expect.stringContaining('git config --global user.name') },
  });
});

test('a killed delivery that moved the branch and told nobody is found again', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  // As far as it comes before the index follows: the branch has everything, the index is the one from before.
  const index = git(worktree.path, 'rev-parse', '--git-path', 'index').trim();
  const before = readFileSync(index);
  const commit = commitOf(await world.delivery.deliver(world.request('commit', worktree)));
  writeFileSync(index, before);
  expect(git(worktree.path, 'status', '--porcelain')).not.toBe('');
  expect(commitOf(await world.delivery.deliver(world.request('commit', worktree)))).toBe(commit);
  expect(git(worktree.path, 'status', '--porcelain')).toBe('');
});

test('an agent that changed to another branch loses nothing: the branch of the task follows, or says why not', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  git(worktree.path, 'checkout', '--quiet', '-b', 'elsewhere');
  const commit = commitOf(await world.delivery.deliver(world.request('commit', worktree)));
  expect(git(world.root, 'show', 'bread:b.txt')).toBe('b\n');
  expect(commitOf(await world.delivery.deliver(world.request('commit', worktree)))).toBe(commit);
  git(worktree.path, 'checkout', '--quiet', '--orphan', 'lone');
  git(worktree.path, 'commit', '--quiet', '-am', 'lone');
  await expect(world.delivery.deliver(world.request('commit', worktree))).rejects.toThrow('no longer on bread');
});

test('an unfinished merge is never taken for work; one that is resolved becomes a merge', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'a.txt': 'agent\n' });
  git(worktree.path, 'commit', '--quiet', '-am', 'agent');
  writeFiles(world.root, { 'a.txt': 'person\n' });
  git(world.root, 'commit', '--quiet', '-am', 'person');
  expect(() => git(worktree.path, 'merge', 'main')).toThrow();
  expect(await world.delivery.deliver(world.request('commit', worktree))).toEqual({
    ...{ type: 'conflicted', against: 'main', files: ['a.txt'] },
  });
  writeFiles(worktree.path, { 'a.txt': 'both\n' });
  git(worktree.path, 'add', 'a.txt');
  commitOf(await world.delivery.deliver(world.request('commit', worktree)));
  expect(git(world.root, 'rev-list', '--merges', '--count', 'main..bread')).toBe('1\n');
  expect(git(worktree.path, 'status')).not.toContain('merging');
});

test('a conflict with the branch it is for, or with another live run, names the files and is no success', async () => {
  const world = await openDeliveryWorld();
  const bread = await world.worktree('bread', { 'a.txt': 'bread\n', 'b.txt': 'b\n' });
  const cake = await world.worktree('cake', { 'a.txt': 'cake\n' });
  const request = world.request('branch', bread, { others: [cake] });
  expect(await world.delivery.deliver(request)).toEqual({
    ...{ type: 'conflicted', files: ['a.txt'], against: 'cake', asks: 'cake' },
  });
  expect(commitOf(await world.delivery.deliver({ ...request, accepted: ['cake'] }))).not.toBeNull();
  writeFiles(world.root, { 'a.txt': 'person\n' });
  git(world.root, 'commit', '--quiet', '-am', 'person');
  expect(await world.delivery.deliver({ ...request, accepted: ['cake'] })).toEqual({
    ...{ type: 'conflicted', files: ['a.txt'], against: 'main' },
  });
});

test('of several that are delivered at the same time each meets what the others hold at that moment', async () => {
  const world = await openDeliveryWorld({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
  const files = { bread: 'a.txt', cake: 'a.txt', tart: 'b.txt', bun: 'b.txt', roll: 'c.txt', pie: 'd.txt' };
  const works = await Promise.all(
    Object.entries(files).map(([name, file]) => world.worktree(name, { [file]: `${name}\n` })),
  );
  // One has committed, one is gone, one holds what it did not hold a moment ago.
  git(works[1].path, 'commit', '--quiet', '-am', 'cake');
  const gone = await world.worktree('gone', { 'c.txt': 'gone\n' });
  rmSync(gone.path, { recursive: true });
  const all = [...works, gone];
  const outcomes = await Promise.all(
    works.map((worktree) =>
      world.delivery.deliver(world.request('commit', worktree, { others: all.filter((other) => other !== worktree) })),
    ),
  );
  expect(outcomes.map((outcome) => (outcome.type === 'conflicted' ? outcome.against : outcome.type))).toEqual([
    ...['cake', 'bread', 'bun', 'tart', 'done', 'done'],
  ]);
  // One whose folder is there and cannot be read is not passed over in silence.
  const broken = await world.worktree('broken', { 'd.txt': 'broken\n' });
  writeFileSync(join(broken.path, '.git'), 'gitdir: /nonexistent\n');
  const besides = await world.delivery.deliver(world.request('commit', works[5], { others: [broken, gone] }));
  expect(besides).toMatchObject({
    ...{ type: 'done', reason: expect.stringContaining('Whether it merges with broken was not tried: its worktree') },
  });
  writeFiles(works[4].path, { 'd.txt': 'roll\n' });
  const again = world.request('commit', works[5], { others: [works[4]] });
  expect(await world.delivery.deliver(again)).toMatchObject({ type: 'conflicted', files: ['d.txt'], against: 'roll' });
});

test('a patch applies with git am in another clone, binary files and bytes that are no text too', async () => {
  const world = await openDeliveryWorld({ 'latin.txt': Buffer.from([0x63, 0xe9, 0x0a]) });
  const files = { 'latin.txt': Buffer.from([0x63, 0xe8, 0x0a]), 'b.bin': Buffer.from([0, 1, 2, 0, 255]) };
  const worktree = await world.worktree('bread', files);
  const outcome = await world.delivery.deliver(world.request('patch', worktree));
  expect(outcome).toMatchObject({
    type: 'done',
    awaits: false,
    patch: join(world.folder, 'patches', 'fg-bread-1.patch'),
  });
  git(world.folder, 'clone', '--quiet', world.remote, 'clone');
  const clone = join(world.folder, 'clone');
  git(clone, 'am', '--quiet', (outcome as { patch: string }).patch);
  for (const [name, content] of Object.entries(files)) expect(readFileSync(join(clone, name))).toEqual(content);
  expect(git(clone, 'log', '-1', '--format=%an %s')).toBe('Ada Do bread\n');
});

test('a patch of work with a merge in it holds all of it as one commit', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  git(worktree.path, 'add', '-A');
  git(worktree.path, 'commit', '--quiet', '-m', 'agent');
  writeFiles(world.root, { 'c.txt': 'c\n' });
  git(world.root, 'add', '-A');
  git(world.root, 'commit', '--quiet', '-m', 'person');
  git(world.root, 'push', '--quiet', 'origin', 'main');
  git(worktree.path, 'merge', '--quiet', '-m', 'main too', 'main');
  const outcome = await world.delivery.deliver(world.request('patch', worktree));
  git(world.folder, 'clone', '--quiet', world.remote, 'clone');
  git(join(world.folder, 'clone'), 'am', '--quiet', (outcome as { patch: string }).patch);
  expect(git(join(world.folder, 'clone'), 'diff', '--name-only', 'HEAD^')).toBe('b.txt\n');
});

test('a file that was only copied into the worktree is left out; in the commits of the agent it does not leave', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { '.env': 'TOKEN=1\n', 'b.txt': 'b\n' });
  const request = world.request('branch', worktree, { copied: ['.env'] });
  commitOf(await world.delivery.deliver(request));
  expect(git(world.root, 'diff', '--name-only', 'main', 'bread')).toBe('b.txt\n');
  expect(readFileSync(join(worktree.path, '.env'), 'utf8')).toBe('TOKEN=1\n');
  git(worktree.path, 'add', '-A');
  git(worktree.path, 'commit', '--quiet', '-m', 'all');
  git(worktree.path, 'rm', '--quiet', '--cached', '.env');
  git(worktree.path, 'commit', '--quiet', '-m', 'not that');
  await expect(world.delivery.deliver(request)).rejects.toThrow(
    ".env was only copied into the worktree, and is in the agent's",
  );
});

test('a repository in the worktree does not leave without its files', async () => {
  const world = await openDeliveryWorld();
  const nested = await world.worktree('nested');
  makeRepository(join(nested.path, 'vendor'));
  await expect(world.delivery.deliver(world.request('branch', nested))).rejects.toThrow(
    'vendor is a git repository of its own',
  );
});

test('a pushed branch is at the remote, twice delivered as once; nothing is ever overwritten there', async () => {
  const world = await openDeliveryWorld();
  const to = { ...world.to, push: true };
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  const request = world.request('branch', worktree, { to });
  const commit = commitOf(await world.delivery.deliver(request));
  expect(git(world.remote, 'rev-parse', 'bread').trim()).toBe(commit);
  expect(commitOf(await world.delivery.deliver(request))).toBe(commit);
  git(world.folder, 'clone', '--quiet', '--branch', 'bread', world.remote, 'clone');
  const clone = join(world.folder, 'clone');
  git(clone, 'commit', '--quiet', '--allow-empty', '-m', 'by somebody else');
  git(clone, 'push', '--quiet', 'origin', 'bread');
  writeFiles(worktree.path, { 'c.txt': 'c\n' });
  expect(await world.delivery.deliver(request)).toEqual(says('The remote has other commits on bread'));
  expect(git(world.remote, 'log', '-1', '--format=%s', 'bread')).toBe('by somebody else\n');
});

test('why a push does not come through is said with what to do', async () => {
  const world = await openDeliveryWorld();
  const to = { ...world.to, push: true };
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  const hook = join(world.remote, 'hooks', 'pre-receive');
  mkdirSync(join(world.remote, 'hooks'), { recursive: true });
  const refuse = (words: string) => {
    writeFileSync(hook, `#!/bin/sh\necho "${words}" >&2\nexit 1\n`);
    chmodSync(hook, 0o755);
  };
  refuse('no');
  const request = world.request('branch', worktree, { to });
  expect(await world.delivery.deliver(request)).toEqual(says('A hook of the remote declined bread'));
  refuse('GH006: Protected branch update failed');
  expect(await world.delivery.deliver(request)).toEqual(says('The remote protects bread'));
  rmSync(hook);
  const at = (url: string) =>
    world.delivery.deliver({ ...request, aim: { ...world.aim, url }, accepted: [`url ${url}`] });
  git(world.root, 'remote', 'set-url', 'origin', '/nowhere.git');
  expect(await at('/nowhere.git')).toEqual(says('There is no repository at the address'));
  git(world.root, 'remote', 'set-url', 'origin', 'http://127.0.0.1:9/x.git');
  expect(await at('http://127.0.0.1:9/x.git')).toEqual(says('The remote cannot be reached'));
  git(world.root, 'remote', 'remove', 'origin');
  const local = await world.delivery.deliver({ ...request, aim: { ...world.aim, url: null } });
  expect(local).toEqual(says('It is on the branch bread; there is no remote origin.'));
});

test('an address that changed while the agent worked is asked about, with no token shown', async () => {
  const world = await openDeliveryWorld();
  const other = join(world.folder, 'other.git');
  git(world.folder, 'init', '--quiet', '--bare', 'other.git');
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  git(worktree.path, 'remote', 'set-url', 'origin', other);
  const request = world.request('branch', worktree, { to: { ...world.to, push: true } });
  const asked = await world.delivery.deliver(request);
  expect(asked).toEqual(says(`changed from ${world.remote} to ${other}`));
  expect(git(other, 'for-each-ref')).toBe('');
  expect((await world.delivery.deliver({ ...request, accepted: [(asked as { asks: string }).asks] })).type).toBe(
    'done',
  );
  git(worktree.path, 'remote', 'set-url', 'origin', 'https://ada:token@example.org/x.git');
  expect(JSON.stringify(((await world.delivery.deliver(request)) as { reason: string }).reason)).not.toContain('token');
});

test('nothing that an agent planted runs or leads astray: hooks, merge drivers, filters, transports, addresses', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', {
    'a.txt': 'agent\n',
    '.gitattributes': '* merge=evil filter=evil\n',
  });
  const { path, mark } = trap(world.folder, 'evil');
  const hooks = join(world.root, '.git', 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const name of ['pre-commit', 'post-commit', 'pre-push', 'reference-transaction', 'post-index-change']) {
    writeFileSync(join(hooks, name), readFileSync(path));
    chmodSync(join(hooks, name), 0o755);
  }
  const planted = [
    ...['merge.evil.driver', 'filter.evil.clean', 'filter.evil.smudge', 'core.sshCommand', 'core.fsmonitor'],
    ...['credential.helper', 'gpg.program', 'remote.origin.receivepack', 'remote.origin.uploadpack', 'core.askPass'],
  ];
  for (const key of planted) git(world.root, 'config', key, path);
  git(world.root, 'config', 'commit.gpgSign', 'true');
  mkdirSync(join(world.root, '.git', 'info'), { recursive: true });
  writeFileSync(join(world.root, '.git', 'info', 'attributes'), '* merge=evil\n');
  git(world.folder, 'init', '--quiet', '--bare', 'elsewhere.git');
  git(world.root, 'config', `url.${join(world.folder, 'elsewhere.git')}.pushInsteadOf`, world.remote);
  writeFiles(world.root, { 'c.txt': 'person\n' });
  const to = { ...world.to, push: true };
  const cake = await world.worktree('cake', { 'a.txt': 'cake\n' });
  rmSync(mark, { force: true });
  const request = world.request('branch', worktree, { to, others: [cake] });
  expect((await world.delivery.deliver(request)).type).toBe('conflicted');
  const commit = commitOf(await world.delivery.deliver({ ...request, accepted: ['cake'] }));
  await world.delivery.merged(world.delivered(worktree, commit));
  expect(existsSync(mark)).toBe(false);
  expect(git(world.remote, 'rev-parse', 'bread').trim()).toBe(commit);
});

test('marks of a conflict that an agent committed are asked about', async () => {
  const world = await openDeliveryWorld();
  const marks = 'one\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main\n';
  const worktree = await world.worktree('bread', { 'a.txt': marks, 'notes.md': 'Title\n=======\n' });
  const request = world.request('commit', worktree);
  expect(await world.delivery.deliver(request)).toEqual({
    ...{ type: 'failed', asks: 'marks', reason: expect.stringContaining('a.txt has the marks of a conflict in it.') },
  });
  commitOf(await world.delivery.deliver({ ...request, accepted: ['marks'] }));
});

test('a file of Git LFS is not pushed without its content in silence', async () => {
  const world = await openDeliveryWorld();
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n';
  const worktree = await world.worktree('bread', { 'big.bin': pointer });
  commitOf(await world.delivery.deliver(world.request('commit', worktree)));
  const request = world.request('branch', worktree, { to: { ...world.to, push: true } });
  expect(await world.delivery.deliver(request)).toEqual(says('big.bin is kept by Git LFS'));
  expect(git(world.remote, 'for-each-ref', 'refs/heads/bread')).toBe('');
  commitOf(await world.delivery.deliver({ ...request, accepted: ['lfs'] }));
});

test('a lock that a killed git left, and a text longer than an argument, hold up nothing', async () => {
  const world = await openDeliveryWorld();
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  writeFileSync(`${git(worktree.path, 'rev-parse', '--git-path', 'index').trim()}.lock`, '');
  const body = `${'x'.repeat(300_000)}\u0000\u001b[31m`;
  const request = world.request('commit', worktree, {
    templates: { commit: '{title}\n\n{body}', prTitle: '', prBody: '' },
  });
  commitOf(await world.delivery.deliver({ ...request, task: { ...request.task, body } }));
  expect(git(world.root, 'log', '-1', '--format=%b', 'bread').trim()).toBe(`${'x'.repeat(300_000)}[31m`);
});

test('a submodule that is at another commit is delivered, and its own commits are said not to be', async () => {
  const world = await openDeliveryWorld();
  const inner = makeRepository(join(world.folder, 'inner'));
  git(world.root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner, 'sub');
  git(world.root, 'commit', '--quiet', '-m', 'sub');
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  git(worktree.path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
  git(join(worktree.path, 'sub'), 'commit', '--quiet', '--allow-empty', '-m', 'more');
  expect(await world.delivery.deliver(world.request('commit', worktree))).toEqual(
    says('submodules (sub) are not pushed'),
  );
});

test('work that began at what the remote has is its own part alone, though the branch here is behind', async () => {
  const world = await openDeliveryWorld();
  git(world.folder, 'clone', '--quiet', world.remote, 'clone');
  const clone = join(world.folder, 'clone');
  writeFiles(clone, { 'upstream.txt': 'u\n' });
  git(clone, 'add', '-A');
  git(clone, 'commit', '--quiet', '-m', 'upstream');
  git(clone, 'push', '--quiet', 'origin', 'main');
  git(world.root, 'fetch', '--quiet', 'origin', '+HEAD:refs/forge/base/origin/HEAD');
  git(world.root, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  expect(await world.delivery.aim('origin', 'remote')).toEqual({ branch: 'main', url: world.remote });
  expect(await world.delivery.aim('origin', 'release')).toEqual({ branch: 'release', url: world.remote });
  const worktree = await world.worktree('bread', { 'b.txt': 'b\n' });
  git(worktree.path, 'reset', '--quiet', '--hard', 'refs/forge/base/origin/HEAD');
  writeFiles(worktree.path, { 'b.txt': 'b\n' });
  const outcome = await world.delivery.deliver(world.request('patch', worktree));
  const patch = readFileSync((outcome as { patch: string }).patch, 'utf8');
  expect(patch).toContain('b.txt');
  expect(patch).not.toContain('upstream');
});
