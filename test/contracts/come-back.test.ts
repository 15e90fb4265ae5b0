import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/git-repository.ts';
import { ProjectWorld } from '../support/project-world.ts';

async function lived(mode: 'standard' | 'stealth'): Promise<ProjectWorld> {
  const world = await ProjectWorld.make(mode);
  await world.run(({ store }) => {
    store.tasks.add({ title: 'a' });
    store.filters.save({ name: 'only-in-the-database', query: 'is:ready' });
  });
  await world.run(({ store }) => store.tasks.add({ title: 'b' }));
  writeFileSync(join(world.root, '.forge/policy.yaml'), 'mine: true\n');
  await world.run(({ store }) => store.tasks.add({ title: 'c' }));
  expect(world.said).toEqual([]);
  return world;
}

async function isWhole(world: ProjectWorld): Promise<void> {
  expect(await world.titles()).toEqual(['a', 'b', 'c']);
  expect(await world.run(({ store }) => store.filters.list())).toMatchObject([{ name: 'only-in-the-database' }]);
}

test.each([
  ['git clean -fdx', (root: string) => git(root, 'clean', '-fdxq')],
  [
    'git stash --all',
    (root: string) => {
      writeFileSync(join(root, 'x'), '');
      git(root, 'stash', 'push', '-q', '--all');
    },
  ],
  ['rm -r .forge', (root: string) => rmSync(join(root, '.forge'), { recursive: true })],
])('in stealth, what `%s` took comes back by itself, and is said once', async (_, take) => {
  const world = await lived('stealth');
  const status = git(world.root, 'status', '--porcelain');
  take(world.root);
  expect(existsSync(join(world.root, '.forge/config.yaml'))).toBe(false);
  await isWhole(world);
  expect(world.said).toEqual([
    expect.stringMatching(
      /config\.yaml, policy\.yaml, tasks\.jsonl, forge\.db of .*\.forge had been removed and came back/,
    ),
  ]);
  expect(readFileSync(join(world.root, '.forge/policy.yaml'), 'utf8')).toBe('mine: true\n');
  expect(git(world.root, 'status', '--porcelain')).toBe(status);
});

test.each(['git stash push -u -q', 'git worktree prune', 'git checkout -q -b other', 'git gc -q --prune=now'])(
  'in stealth, `%s` takes nothing',
  async (command) => {
    const world = await lived('stealth');
    writeFileSync(join(world.root, 'untracked'), '');
    git(world.root, ...command.split(' ').slice(1));
    await isWhole(world);
    expect(world.said).toEqual([]);
  },
);

test('a stash of everything can be popped when what came back is moved away', async () => {
  const world = await lived('stealth');
  writeFileSync(join(world.root, 'x'), 'work');
  git(world.root, 'stash', 'push', '-q', '--all');
  await isWhole(world);
  renameSync(join(world.root, '.forge'), join(world.folder, 'aside'));
  git(world.root, 'stash', 'pop', '-q');
  expect(readFileSync(join(world.root, 'x'), 'utf8')).toBe('work');
  await isWhole(world);
});

test('a clone in the place of the repository has its tasks, and hides them as before', async () => {
  const world = await lived('stealth');
  const old = join(world.folder, 'old');
  renameSync(world.root, old);
  git(world.folder, 'clone', '-q', old, world.root);
  await isWhole(world);
  expect(git(world.root, 'status', '--porcelain')).toBe('');
});

test('a repository that is moved stays the same project; a copy is another one', async () => {
  const world = await lived('stealth');
  const project = await world.run((context) => context.project.name);
  const worktree = join(world.paths.worktreesDirectory, project, 'fg-1');
  await world.run(({ git: own }) => own.ensureWorktree(worktree, 'work'));
  const moved = join(world.folder, 'moved');
  renameSync(world.root, moved);
  world.root = moved;
  expect(await world.run((context) => context.project)).toEqual({ name: project, root: moved });
  expect(world.said).toEqual([expect.stringContaining(`was moved from ${join(world.folder, 'shop')} to ${moved}`)]);
  expect(git(worktree, 'status', '--porcelain')).toBe('');
  await isWhole(world);
  const copy = join(world.folder, 'copy');
  cpSync(moved, copy, { recursive: true });
  expect(await world.run((context) => context.project.name, copy)).toBe('copy');
  expect(await world.titles(copy)).toEqual(['a', 'b', 'c']);
  expect(await world.run((context) => context.project.name)).toBe(project);
});

test('in a standard project `git clean -fdx` takes the database, which comes back; tracked files are git’s', async () => {
  const world = await lived('standard');
  git(world.root, 'add', '-A');
  git(world.root, 'commit', '-qm', 'tasks');
  git(world.root, 'clean', '-fdxq');
  await isWhole(world);
  expect(world.said).toEqual([expect.stringMatching(/^forge\.db of /)]);
  expect(git(world.root, 'status', '--porcelain')).toBe('');
});

test('on a branch without .forge/ a standard project has its tasks and settings, and git can switch back', async () => {
  const world = await ProjectWorld.make('standard');
  git(world.root, 'branch', 'before');
  git(world.root, 'add', '-A');
  git(world.root, 'commit', '-qm', 'forge');
  const file = join(world.root, '.forge/config.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nlimits: { total: 3 }\n`);
  await world.run(({ store }) => store.tasks.add({ title: 'a' }));
  git(world.root, 'commit', '-qam', 'a task');
  git(world.root, 'checkout', '-q', 'before');
  await world.run(({ store, settings }) => {
    expect(settings.limits.total).toBe(3);
    store.tasks.add({ title: 'b' });
  });
  expect(git(world.root, 'status', '--porcelain')).toBe('');
  git(world.root, 'checkout', '-q', 'main');
  expect(await world.titles()).toEqual(['a', 'b']);
  expect(readFileSync(join(world.root, '.forge/tasks.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
});

test('an emptied database comes back from the backup, with what tasks.jsonl knows besides', async () => {
  const world = await lived('stealth');
  for (const side of ['-wal', '-shm']) rmSync(join(world.root, `.forge/forge.db${side}`), { force: true });
  truncateSync(join(world.root, '.forge/forge.db'));
  writeFileSync(join(world.root, '.forge/tasks.jsonl'), `{"id":"fg-new1","title":"d","createdAt":1,"updatedAt":1}\n`, {
    flag: 'a',
  });
  expect((await world.titles()).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(world.said).toEqual([expect.stringMatching(/^forge\.db of /)]);
});

test('backups are made when something changed, are few, whole and private', async () => {
  const world = await lived('stealth');
  const folder = join(world.paths.backupsDirectory, 'shop');
  const names = () => readdirSync(folder).sort();
  const before = names();
  await world.titles();
  expect(names()).toEqual(before);
  for (let n = 0; n < 15; n++) await world.run(({ store }) => store.tasks.add({ title: `t${n}` }));
  expect(names()).toHaveLength(10);
  const newest = join(folder, names().at(-1) as string);
  expect(statSync(folder).mode & 0o77).toBe(0);
  expect(readdirSync(newest).map((name) => [name, statSync(join(newest, name)).mode & 0o777])).toEqual(
    ['config.yaml', 'forge.db', 'policy.yaml', 'tasks.jsonl'].map((name) => [name, 0o600]),
  );
});

test('of a large project a command adds what it changed to the newest backup, and all of it comes back', async () => {
  const world = await ProjectWorld.make('stealth');
  const body = 'x'.repeat(3_000);
  const lines = Array.from({ length: 3_000 }, (_, n) =>
    JSON.stringify({ id: `fg-${n}`, title: `t${n}`, body, createdAt: 1, updatedAt: 1 }),
  );
  const names = () => readdirSync(join(world.paths.backupsDirectory, 'shop'));
  await world.run(({ store }) => store.imports.lines(lines.join('\n'), false));
  const before = names();
  await world.run(({ store }) => {
    store.tasks.add({ title: 'added' });
    store.tasks.edit('fg-7', { title: 'seven' });
  });
  await world.run(({ store }) => store.tasks.edit('fg-7', { assignee: 'ada' }));
  await world.titles();
  expect(names()).toEqual(before);
  git(world.root, 'clean', '-fdxq');
  const { tasks } = await world.run(({ store }) => ({ tasks: store.export() }));
  expect(tasks).toHaveLength(3_001);
  expect(tasks.find(({ id }) => id === 'fg-7')).toMatchObject({ title: 'seven', assignee: 'ada', body });
  expect(tasks.filter(({ title }) => title === 'added')).toHaveLength(1);
  expect(readdirSync(join(world.root, '.forge'))).not.toContain('tasks.since.jsonl');
});
