import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { fingerprint, published } from '../support/fingerprint.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

/** Settings of a teammate's repository that Forge could be tempted to touch, or git to act upon. */
function livedIn(world: World): string {
  const remote = join(world.root, 'origin.git');
  world.git('init', '-q', '--bare', '-b', 'main', remote);
  world.git('remote', 'add', 'origin', remote);
  world.git('config', 'push.default', 'matching');
  world.git('push', '-q', 'origin', 'main');
  world.write('.git/hooks/pre-commit', '#!/bin/sh\n', { isExecutable: true });
  world.write('notes.txt', 'to be stashed');
  world.git('stash', 'push', '-q', '--include-untracked');
  world.write('untracked.txt', 'mine');
  world.write('debug.log', 'ignored');
  world.git('status');
  return remote;
}

test('after a working day in stealth the repository is as it was, but for the work', async () => {
  const files = { 'README.md': '# Shop\n', '.gitignore': '*.log\n', '.gitattributes': '* text=auto\n' };
  await using world = new World({ files });
  const remote = livedIn(world);
  const git = (...args: string[]) => world.git(...args);
  const before = fingerprint(world.repository, git);
  const reaches = (run: string, status: string) =>
    until(`${run} is ${status}`, async () => (await world.json<Run>('run', 'show', run)).status === status);
  const start = async (task: string, worker: string) =>
    (await world.json<{ runs: [Run] }>('dispatch', task, worker)).runs[0].id;
  const add = async (title: string) => (await world.json<{ id: string }>('task', 'add', title)).id;

  expect((await world.forge('init', '--stealth', '--prefix', 'fg')).status).toBe(0);
  world.configure(
    {
      baker: { script: '#!/bin/sh\necho bread > bread.txt\n' },
      committer: { script: '#!/bin/sh\necho jam > jam.txt; git add -A; git commit -q -m "Add jam"\n' },
      sleeper: { script: '#!/bin/sh\necho half > half.txt; exec sleep 600\n' },
    },
    'stealth',
  );
  const [bread, jam, nap] = [await add('Bake bread'), await add('Cook jam'), await add('Take a nap')];
  await world.json('task', 'edit', jam, '--priority', '1');
  await world.json('task', 'dep', 'add', nap, bread);
  await world.json('batch', 'create', 'breakfast', bread, jam);
  const [baked, cooked] = [await start(bread, 'baker'), await start(jam, 'committer')];
  await reaches(baked, 'done');
  await reaches(cooked, 'done');
  for (const command of [
    ['run', 'diff', baked],
    ['runs'],
    ['cost'],
    ['config'],
    ['worker', 'list'],
    ['task', 'list'],
    ['config', 'set', 'limits.startGapMs', '50'],
    ['config', 'schema'],
    ['backup'],
    ['backup', 'list'],
    ['restore', '--dry-run'],
    ['sync'],
    ['project', 'list'],
    ['worktree', 'list'],
    ['radar'],
  ]) {
    expect((await world.forge(...command)).status, command.join(' ')).toBe(0);
  }
  const napping = await start(nap, 'sleeper');
  await reaches(napping, 'working');
  await world.forge('pause', napping);
  await reaches(napping, 'paused');
  await world.forge('resume', napping);
  await reaches(napping, 'working');
  await world.forge('fork', napping, 'baker');
  await world.forge('host', 'restart');
  await world.forge('cancel', napping);
  await reaches(napping, 'cancelled');
  await world.forge('task', 'close', nap);
  await world.forge('task', 'reopen', nap);

  const runs = await world.json<Run[]>('runs');
  const work = runs.map(({ branch }) => `refs/heads/${branch}`);
  const after = fingerprint(world.repository, git);
  const isWork = (path: string) =>
    [...work, 'refs/forge/'].some((ref) => path.replace(/^logs\//, '').startsWith(ref)) ||
    path.startsWith('worktrees/');
  expect(after.status.filter((line) => line !== '!! .forge/')).toEqual(before.status);
  expect(after.refs.filter((line) => !isWork(line))).toEqual(before.refs);
  const { 'info/exclude': exclude, ...gitDirectory } = after.gitDirectory;
  const { 'info/exclude': excludeBefore, ...gitDirectoryBefore } = before.gitDirectory;
  expect(exclude).not.toBe(excludeBefore);
  expect(Object.fromEntries(Object.entries(gitDirectory).filter(([path]) => !isWork(path)))).toEqual(
    gitDirectoryBefore,
  );
  const { status: _, refs: __, gitDirectory: ___, ...rest } = before;
  expect(after).toMatchObject(rest);

  // What the person pushes is the work, under their name and in their words.
  git('push', '-q', '--all', 'origin');
  git('push', '-q', '--tags', 'origin');
  const clone = join(world.root, 'teammate');
  mkdirSync(clone);
  git('clone', '-q', remote, clone);
  const theirs = (...args: string[]) =>
    execFileSync('git', args, { cwd: clone, env: world.env, encoding: 'utf8', maxBuffer: 1e8 });
  expect(theirs('ls-remote', 'origin')).toContain('bake-bread');
  expect(`${theirs('ls-remote', 'origin')}${published(theirs, '--all')}`).not.toMatch(/forge|\bfg-|worktree@|agent/i);
  expect(theirs('log', '--all', '--format=%an <%ae> %cn <%ce>%n').split('\n').filter(Boolean)).toEqual(
    expect.arrayContaining(['Ada <ada@example.com> Ada <ada@example.com>']),
  );
  expect(new Set(theirs('log', '--all', '--format=%ae %ce').split('\n').filter(Boolean))).toEqual(
    new Set(['ada@example.com ada@example.com']),
  );
});
