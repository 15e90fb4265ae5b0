import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
  expect(done).toMatchObject({ task: run.task, stays: null, kept: `refs/forge/kept/${run.id}/2` });
  expect(existsSync(run.worktree)).toBe(false);
  expect(world.git('show', `${done?.kept}:${run.task}.txt`)).toBe('work\n');
  expect(readFileSync(join(world.env.HOME ?? '', 'torn'), 'utf8')).toBe('torn down\n');
  expect(world.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
    before.replace(`refs/heads/${run.branch}\n`, ''),
  );
  const { events } = await world.json<RunJson>('run', 'show', run.id);
  expect(events.slice(-2).map(({ type, payload }) => [type, payload.kept])).toEqual([
    ['worktree.removing', done?.kept],
    ['worktree.removed', done?.kept],
  ]);
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
  const [done] = await world.json<Step[]>('worktree', 'prune', committed.task);
  expect(done).toMatchObject({ kept: expect.stringContaining('refs/forge/kept/'), isBranchRemoved: false });
  expect(world.git('log', '-1', '--format=%s', committed.branch)).toBe('work\n');
  sleeper.kill();
});
