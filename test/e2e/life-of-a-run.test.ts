import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configureScript, dispatchTask, reachesStatus, type ShownRun } from '../support/scripted-runs.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

const configure = (script: string, ...settings: string[]) => configureScript(world, 1, script, ...settings);
const dispatch = () => dispatchTask(world, 'Bake bread');
const reaches = (run: string, status: string) => reachesStatus(world, run, status);
const typesOf = ({ events }: ShownRun) => events.map(({ type }) => type);

test('what a gate says goes back to the agent, and what passes is committed on its branch', async () => {
  configure(
    'printf %s "$FORGE_PROMPT" > prompt.txt; test -e dough.txt && echo bread > bread.txt; echo dough > dough.txt',
    'gates: [{ name: bake, run: "echo no bread here; test -e bread.txt" }]',
  );
  const done = await reaches(await dispatch(), 'done');
  expect(typesOf(done).slice(3)).toEqual([
    ...['session.started', 'session.exited', 'gates.failed'],
    ...['session.started', 'session.exited', 'gates.passed', 'delivery.done'],
  ]);
  expect(readFileSync(join(done.worktree as string, 'prompt.txt'), 'utf8')).toContain('no bread here');
  expect(world.git('show', '--stat', '--format=%an: %s', done.branch as string)).toContain('Ada: Bake bread');
  expect(world.git('show', `${done.branch}:bread.txt`)).toBe('bread\n');
});

test('a gate that never passes asks a person, who may take the work as it is', async () => {
  configure('date +%N >> dough.txt', 'gates: [{ name: bake, run: "exit 7", rounds: 1 }]');
  const run = await dispatch();
  const paused = await reaches(run, 'paused');
  expect(paused.reason).toBe(
    'Gate bake: It exited with status 7. Its output went back to the agent once. Let it go on to have it mended, or accept the work as it is.',
  );
  expect(typesOf(paused).filter((type) => type === 'gates.failed')).toHaveLength(2);
  await world.forge('approve', run);
  expect((await reaches(run, 'done')).reason).toMatch(/^Accepted by ada\. Committed on /);
});

test('a program that ends while gates look at its accepted work does not keep them from their result', async () => {
  const waitFor = (file: string) => `while [ ! -e ${file} ]; do sleep 0.05; done`;
  configure(waitFor('begun'), `gates: [{ name: bake, run: "touch begun; ${waitFor('let-go')}" }]`);
  const run = await dispatch();
  const { worktree } = await reaches(run, 'working');
  await world.forge('approve', run);
  await until('the program has ended', async () =>
    typesOf(await world.json<ShownRun>('run', 'show', run)).includes('session.exited'),
  );
  writeFileSync(join(worktree as string, 'let-go'), '');
  expect(typesOf(await reaches(run, 'done')).slice(-4)).toEqual([
    ...['run.approved', 'session.exited', 'gates.passed', 'delivery.done'],
  ]);
});

test('an agent that changes nothing is not told again and again', async () => {
  configure('echo dough > dough.txt', 'gates: [{ name: bake, run: "exit 7", rounds: 5 }]');
  const paused = await reaches(await dispatch(), 'paused');
  expect(paused.reason).toContain('Nothing was changed since it failed before.');
  expect(typesOf(paused).filter((type) => type === 'gates.failed')).toHaveLength(2);
});

test('a gate that cannot be run is corrected in the settings, and the run goes on with it', async () => {
  const work = 'echo bread > bread.txt; echo once >> count.txt';
  configure(work, 'gates: [{ name: bake, run: "no-such-oven" }]');
  const run = await dispatch();
  expect((await reaches(run, 'paused')).reason).toContain('no-such-oven');
  configure(work, 'gates: [{ name: bake, run: "test -e bread.txt" }]');
  await until('the settings are read', async () => (await world.forge('resume', run)).status === 0);
  const done = await reaches(run, 'done');
  expect(readFileSync(join(done.worktree as string, 'count.txt'), 'utf8')).toBe('once\n');
});

test('a delivered branch waits until it is merged, and its worker takes the next task meanwhile', async () => {
  configure('echo bread > bread-$FORGE_TASK.txt', 'delivery: branch');
  const run = await dispatch();
  const awaiting = await reaches(run, 'awaiting');
  expect(await world.json('task', 'show', awaiting.task)).toMatchObject({ status: 'open' });
  const next = await dispatch();
  await reaches(next, 'awaiting');
  world.git('merge', '-q', '--no-edit', awaiting.branch as string);
  const done = await reaches(run, 'done');
  expect(await world.json('task', 'show', done.task)).toMatchObject({ status: 'closed' });
  expect((await world.json<ShownRun>('run', 'show', next)).status).toBe('awaiting');
});
