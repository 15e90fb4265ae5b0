import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// Worktrees from their making to their end, with the built program.

let world: World;
beforeEach(() => {
  world = new World({ files: { 'README.md': '# Shop\n', '.gitignore': '.env\nbuilt/\n' } });
});
afterEach(() => world.dispose());

interface RunJson {
  id: string;
  task: string;
  status: string;
  reason: string;
  worktree: string;
  branch: string;
  base: string;
  setup: { file: string; text: string } | null;
  events: { type: string; payload: Record<string, unknown> }[];
}

interface Step {
  task: string;
  stays: string | null;
  kept: string | null;
  isBranchRemoved: boolean;
}

async function setUp(settings: string, script = 'echo work > "$FORGE_TASK.txt"'): Promise<void> {
  await world.forge('init', '--stealth', '--prefix', 'fg');
  const file = world.write('agent.sh', `#!/bin/sh\n${script}\n`, { isExecutable: true });
  world.git('add', 'agent.sh');
  world.git('commit', '-q', '-m', 'agent');
  const agents = `agents: { script: { adapter: command, command: ["${file}"] } }`;
  const workers = 'workers: [{ name: w1, agent: script }, { name: w2, agent: script }, { name: w3, agent: script }]';
  world.write('.forge/config.yaml', `prefix: fg\nmode: stealth\n${agents}\n${workers}\ndelivery: none\n${settings}\n`);
}

async function dispatch(title: string, status = 'done'): Promise<RunJson> {
  const { id } = await world.json<{ id: string }>('task', 'add', title);
  const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', id);
  return reaches(runs[0]?.id ?? '', status);
}

const reaches = (run: string, status: string) =>
  until(`run ${run} is ${status}`, async () => {
    const shown = await world.json<RunJson>('run', 'show', run);
    return shown.status === status ? shown : null;
  });

test('an ended run leaves its worktree; pruning keeps what is nowhere else, runs teardown commands, and says what it did', async () => {
  await setUp('worktrees: { setup: ["echo set up in $PWD"], teardown: ["echo torn down >> $HOME/torn"] }');
  const run = await dispatch('Write it');
  expect(run.setup?.text).toContain(`set up in ${run.worktree}\n`);
  expect((await world.forge('run', 'show', run.id)).stdout).toContain('$ echo set up in $PWD');
  const before = world.git('for-each-ref', '--format=%(refname)', 'refs/heads');
  writeFileSync(join(run.worktree, '.env'), 'ignored\n');

  const { worktrees } = await world.json<{ worktrees: Record<string, unknown>[] }>('worktree', 'list');
  expect(worktrees).toMatchObject([{ task: run.task, run: run.id, runStatus: 'done', changed: 1, isMerged: true }]);
  expect((await world.forge('worktree', 'list')).stdout).toMatch(/done +1 uncommitted, merged +[\d.]+ MB +/);
  const plan = await world.json<Step[]>('worktree', 'prune', '--dry-run');
  expect(plan).toMatchObject([{ task: run.task, stays: null, isKept: true, isBranchRemoved: true }]);
  expect(existsSync(run.worktree)).toBe(true);

  const [done] = await world.json<Step[]>('worktree', 'prune');
  expect(done).toMatchObject({ task: run.task, stays: null, kept: `refs/forge/kept/${run.id}/1` });
  expect(existsSync(run.worktree)).toBe(false);
  expect(world.git('show', `${done?.kept}:${run.task}.txt`)).toBe('work\n');
  expect(readFileSync(join(world.env.HOME ?? '', 'torn'), 'utf8')).toBe('torn down\n');
  expect(world.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
    before.replace(`refs/heads/${run.branch}\n`, ''),
  );
  const { events } = await world.json<RunJson>('run', 'show', run.id);
  expect(events.at(-1)).toMatchObject({ type: 'worktree.removed', payload: { kept: done?.kept } });
  expect((await world.forge('worktree', 'prune')).stdout).toBe('There is nothing to remove.\n');

  // The task can be done again, in a worktree that is set up again.
  await world.forge('task', 'reopen', run.task);
  const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', run.task);
  const again = await reaches(runs[0]?.id ?? '', 'done');
  expect(again).toMatchObject({ worktree: run.worktree, branch: run.branch });
  expect(again.setup?.text).toContain('set up in');
});

test('what is in use, locked, or not merged by its branch stays as far as it must', async () => {
  await setUp('', 'git commit -q --allow-empty -m work');
  const [locked, used, committed] = [await dispatch('One'), await dispatch('Two'), await dispatch('Three')];
  world.git('worktree', 'lock', '--reason', 'mine', locked.worktree);
  const sleeper = spawn('sleep', ['60'], { cwd: used.worktree });
  const steps = await until('it is seen', async () => {
    const plan = await world.json<Step[]>('worktree', 'prune', '--dry-run');
    return plan.filter(({ stays }) => stays !== null).length === 2 ? plan : null;
  });
  const why = Object.fromEntries(steps.map(({ task, stays }) => [task, stays]));
  expect(why[locked.task]).toBe('it is locked: mine');
  expect(why[used.task]).toMatch(/^sleep \(process \d+\) works in it$/);
  const named = await world.forge('worktree', 'prune', locked.task);
  expect(named).toMatchObject({ status: 4, stdout: expect.stringContaining('stays  it is locked: mine') });
  const large = join(committed.worktree, 'large.bin');
  writeFileSync(large, '');
  truncateSync(large, 101 * 1024 * 1024);
  expect(await world.forge('worktree', 'prune', committed.task)).toMatchObject({
    status: 4,
    stdout: expect.stringContaining('not all of it can be kept: large.bin has 101 MB'),
  });
  rmSync(large);
  const [done] = await world.json<Step[]>('worktree', 'prune', committed.task);
  expect(done).toMatchObject({ kept: expect.stringContaining('refs/forge/kept/'), isBranchRemoved: false });
  expect(world.git('log', '-1', '--format=%s', committed.branch)).toBe('work\n');
  sleeper.kill();
});

test('worktrees that are made ahead are handed out ready, with ports of their own, and are gone when switched off', async () => {
  const settings = (pool: number, word: string) =>
    `worktrees: { pool: ${pool}, copy: [".env"], setup: ["mkdir -p built; echo ${word} $PORT > built/setup"] }`;
  await setUp(settings(2, 'first'), 'echo "$PORT" > built/port');
  world.write('.env', 'SECRET=1\n');
  const ready = (count: number) =>
    until(`${count} are ready`, async () => {
      const { ahead } = await world.json<{ ahead: number }>('worktree', 'list');
      return ahead === count ? true : null;
    });
  await ready(2);
  const run = await dispatch('Write it');
  const built = (name: string) => readFileSync(join(run.worktree, 'built', name), 'utf8').trim();
  // The commands ran before the task was there: the same ports as the agent has.
  expect(built('setup')).toBe(`first ${built('port')}`);
  expect(readFileSync(join(run.worktree, '.env'), 'utf8')).toBe('SECRET=1\n');
  expect(run).toMatchObject({
    worktree: expect.stringMatching(new RegExp(`/${run.task}$`)),
    branch: expect.stringMatching(/^write-it-/),
  });
  expect(await world.json<unknown[]>('runs')).toHaveLength(1);
  const { worktrees } = await world.json<{ worktrees: unknown[] }>('worktree', 'list');
  expect(worktrees).toHaveLength(1);
  await ready(2);
  const other = await dispatch('Write more');
  expect(readFileSync(join(other.worktree, 'built/port'), 'utf8').trim()).not.toBe(built('port'));

  const file = join(world.repository, '.forge/config.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('pool: 2', 'pool: 0'));
  await ready(0);
  expect(world.git('worktree', 'list').trim().split('\n')).toHaveLength(3);
});

test('a worktree whose run was lost with the database and its backups is listed, gone on with, and pruned only by its name', async () => {
  await setUp('', 'echo more >> work.txt');
  const run = await dispatch('Write it');
  await world.forge('host', 'stop', '--force');
  // With its backups: from those it would come back.
  rmSync(join(world.root, 'f/backups'), { recursive: true, force: true });
  for (const name of ['forge.db', 'forge.db-wal', 'forge.db-shm'])
    rmSync(join(world.repository, '.forge', name), { force: true });
  const { worktrees } = await world.json<{ worktrees: unknown[] }>('worktree', 'list');
  expect(worktrees).toMatchObject([{ task: run.task, run: null, changed: 1 }]);
  expect((await world.forge('worktree', 'list')).stdout).toContain('no run');
  expect(await world.json('worktree', 'prune', '--dry-run')).toEqual([]);
  await world.forge('task', 'reopen', run.task);
  await world.forge('task', 'edit', run.task, '--title', 'Another name for it');
  const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', run.task);
  const again = await reaches(runs[0]?.id ?? '', 'done');
  expect(again).toMatchObject({ worktree: run.worktree, branch: run.branch });
  expect(readFileSync(join(run.worktree, 'work.txt'), 'utf8')).toBe('more\nmore\n');
  expect((await world.forge('worktree', 'prune', 'fg-none')).status).toBe(3);
});

test('where a worktree begins is said when the remote cannot be asked', async () => {
  await setUp('worktrees: { base: main }');
  world.git('remote', 'add', 'origin', '/nonexistent/shop.git');
  const run = await dispatch('Write it');
  expect(run.events.find(({ type }) => type === 'worktree.base')?.payload.reason).toMatch(/origin could not be asked/);
  expect(run.base).toBe(world.git('rev-parse', 'main').trim());
});

test('a supervisor that is killed while worktrees are made, set up and made ahead leaves none twice and none half', async () => {
  const setup = 'echo $$ >> $HOME/begun; test $(wc -l < $HOME/begun) -gt 2 || sleep 60; mkdir -p built';
  await setUp(`worktrees: { pool: 1, setup: ["${setup}"] }`);
  const begun = () => {
    const file = join(world.env.HOME ?? '', 'begun');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const { id } = await world.json<{ id: string }>('task', 'add', 'Write it');
  const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', id);
  await until('both are being set up', () => begun().length === 2);
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  const run = await reaches(runs[0]?.id ?? '', 'done');
  expect(readFileSync(join(run.worktree, `${id}.txt`), 'utf8')).toBe('work\n');
  await until('one is ready', async () => (await world.json<{ ahead: number }>('worktree', 'list')).ahead === 1);
  // Those that the killed one had begun have ended.
  for (const pid of begun().slice(0, 2)) expect(existsSync(`/proc/${pid}/cwd`)).toBe(false);
  expect(world.git('worktree', 'list').trim().split('\n')).toHaveLength(3);
  expect(readdirSync(join(run.worktree, '../.pool')).filter((name) => name !== '.forge-made')).toHaveLength(1);
});
