import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Run } from '../../src/domain/run.ts';
import type { Task } from '../../src/domain/task.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// Plans and the queue, by the built program and without a terminal.

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

/** Two workers whose agent is a script, and what the settings say besides. */
function configure(script: string, ...settings: string[]): void {
  const file = world.write('../agents/script.sh', `#!/bin/sh\n${script}\n`, { isExecutable: true });
  const agent = `agents: { script: { adapter: command, command: [${JSON.stringify(file)}] } }`;
  const workers = 'workers: [{ name: worker-1, agent: script }, { name: worker-2, agent: script }]';
  world.write('.forge/config.yaml', ['prefix: fg', agent, workers, ...settings, ''].join('\n'));
}

const plan = (front: string, body = '') => `---\n${front}\n---\n${body}\n`;
const runsOf = async () => (await world.json<Run[]>('runs')).reverse();
const tasksOf = () => world.json<Task[]>('task', 'list', '--all');

test('plans run in the order of what they depend on, each with what it asks for, and no daemon is left', async () => {
  const log = join(world.root, 'log');
  configure(`echo "$FORGE_TASK $OVEN $FORGE_PROMPT" >> ${log}; echo done > $FORGE_TASK.txt`, 'delivery: none');
  world.write('.forge/plans/bake.md', plan('title: Bake\ndepends_on: [knead]\nenv: { OVEN: hot }', 'At 230 degrees.'));
  world.write('.forge/plans/knead.md', plan('delivery: commit\ngates: [{ name: dough, run: "true" }]', '# Knead it'));
  const { status, stdout, stderr } = await world.forge('run', '--wait', '--json');
  expect(stderr).toContain('Plan knead is task');
  const { plans, runs, outcome } = JSON.parse(stdout);
  expect({ status, outcome }).toEqual({ status: 0, outcome: 'well' });
  expect(plans).toMatchObject([
    { plan: 'knead', became: 'added' },
    { plan: 'bake', became: 'added' },
  ]);
  const [knead, bake] = plans.map(({ task }: { task: string }) => runs.find((run: Run) => run.task === task));
  const lines = readFileSync(log, 'utf8').split('\n');
  expect(lines[0]).toMatch(new RegExp(`^${knead.task}  # ?Knead it|^${knead.task}  Knead it`));
  expect(lines.find((line) => line.startsWith(bake.task))).toContain('hot');
  expect(knead.reason).toMatch(/^The gates pass\. Committed on /);
  expect(bake.reason).toBe('The agent finished.');
  expect(bake.startedAt).toBeGreaterThanOrEqual(knead.endedAt);
  const { supervisor, sessionHost } = await world.json<Record<string, unknown>>('host', 'status');
  expect({ supervisor, sessionHost }).toEqual({ supervisor: null, sessionHost: null });
});

test('a plan is the same task again: changed, it is brought up to date; done, it is said', async () => {
  configure('true', 'delivery: none');
  world.write('bread.md', plan('id: bread\ntitle: Bread\npriority: 1', 'Rye.'));
  const first = await world.forge('run', 'bread.md');
  expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('All ended well.') });
  const again = await world.forge('run', 'bread.md');
  const file = join(world.repository, '.forge', 'runs', `${(await runsOf())[0].id}.yaml`);
  await until('its file tells the end', () => parse(readFileSync(file, 'utf8')).status === 'done');
  const { next, ...told } = parse(readFileSync(file, 'utf8'));
  expect(await world.json('run', 'show', told.id)).toMatchObject(told);
  expect(next).toEqual([]);
  expect(world.git('status', '--porcelain')).not.toContain('runs');
  expect(again).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Plan bread is done.*forge task reopen/) });
  const [task] = await tasksOf();
  await world.forge('task', 'reopen', task.id);
  world.write('bread.md', plan('id: bread\ntitle: Better bread', 'Wheat.'));
  expect((await world.forge('run', 'bread.md')).stdout).toContain(
    `Plan bread has changed: so has its task ${task.id}.`,
  );
  expect(await tasksOf()).toMatchObject([{ id: task.id, title: 'Better bread', body: 'Wheat.', priority: 1 }]);
  expect((await runsOf()).map(({ status }) => status)).toEqual(['done', 'done']);
});

test('what is wrong with a plan is said with its place, and nothing was made', async () => {
  configure('true', 'gates: [{ name: unit, run: "true" }]');
  const said = async (...plans: [string, string][]) => {
    for (const [name, text] of plans) world.write(name, text);
    return (await world.forge('run', ...plans.map(([name]) => name))).stderr.split('\n')[0];
  };
  expect(await said(['a.md', plan('title: A\ndepend_on: [b]')])).toBe(
    'forge: a.md:3:1: depend_on is not a field of a plan. Did you mean depends_on?',
  );
  expect(await said(['a.md', plan('title: A\ndelivery: comit')])).toContain('a.md:3:11: delivery: expected one of');
  expect(await said(['a.md', plan('title: A\ngates: [unti]')])).toBe(
    'forge: a.md:3:9: the project has no gate unti. Did you mean unit?',
  );
  expect(await said(['a.md', plan('title: A\ndepends_on: [bb]')], ['bbb.md', plan('title: B')])).toBe(
    'forge: a.md:3:14: there is no plan or task bb. Did you mean bbb?',
  );
  const circle: [string, string][] = [
    ['a.md', plan('title: A\ndepends_on: [c]')],
    ['b.md', plan('title: B\ndepends_on: [a]')],
    ['c.md', plan('title: C\ndepends_on: [b]')],
  ];
  expect(await said(...circle)).toBe('forge: a.md:3:13: the plans wait for each other: a → c → b → a.');
  expect(await said(['a.md', '---\ntitle: A\n'])).toBe('forge: a.md:1:1: the front matter has no end.');
  expect(await said(['a.md', 'Some words.'])).toContain('a.md:1:1: the plan has neither a title nor a heading');
  expect(await tasksOf()).toEqual([]);
});

test('what fails is status 1, and what waits for somebody status 5, with what can be done', async () => {
  configure('echo once >> count.txt; exit ${FAIL:-0}', 'gates: [{ name: never, run: "exit 3", rounds: 0 }]');
  world.write('bad.md', plan('title: Bad\nenv: { FAIL: "7" }'));
  expect(await world.forge('run', 'bad.md')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/failed: .*7[\s\S]*forge dispatch fg-/),
  });
  world.write('stuck.md', plan('title: Stuck'));
  world.write('after.md', plan('title: After\ndepends_on: [stuck]'));
  const stuck = await world.forge('run', 'stuck.md', 'after.md');
  expect(stuck).toMatchObject({
    status: 5,
    stdout: expect.stringMatching(/paused: .*status 3[\s\S]*forge approve fg-/),
  });
  expect(stuck.stdout).toMatch(/queued: Waits for fg-/);
});

test('all that is ready runs, so many at once; what becomes ready is taken too; a killed supervisor loses none', async () => {
  const gate = join(world.root, 'go');
  configure(`until test -e ${gate}; do sleep 0.05; done`, 'delivery: none');
  const added: string[] = [];
  for (const title of ['A', 'B', 'C']) added.push((await world.json<Task>('task', 'add', title)).id);
  await world.json('task', 'add', 'D', '--depends-on', added[2]);
  const watch = world.forge('dispatch', '--ready', '--max', '1', '--watch');
  await until('three are dispatched', async () => (await runsOf()).length === 3);
  await until('one is at work', async () => (await runsOf()).some(({ status }) => status === 'working'));
  const [, second] = await runsOf();
  expect(second).toMatchObject({ status: 'queued', worker: null });
  expect(second.reason).toBe('Waits: of those that were dispatched with it 1 may be at work at once.');
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  world.write('../go', '');
  const { status, stdout } = await watch;
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('All ended well.') });
  const runs = await runsOf();
  expect(runs.map((run) => run.status)).toEqual(['done', 'done', 'done', 'done']);
  const spans = runs.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]);
  expect(spans).toEqual([...spans].sort());
});

test('runs are listed by what they are; several are cancelled at once, and a queued one never begins', async () => {
  configure('sleep 60', 'delivery: none');
  const ids: string[] = [];
  for (const title of ['A', 'B', 'C']) ids.push((await world.json<Task>('task', 'add', title)).id);
  await world.forge('dispatch', '--ready');
  const listed = async (...args: string[]) => (await world.json<Run[]>('runs', ...args)).map(({ task }) => task);
  expect(await listed('--status', 'queued')).toEqual([ids[2]]);
  expect(await listed('--task', ids[0], '--since', '1h')).toEqual([ids[0]]);
  expect(await listed('--since', '2100-01-01')).toEqual([]);
  expect(await world.forge('runs', '--status', 'quued')).toMatchObject({
    status: 2,
    stderr: 'forge: There is no status quued.\nDid you mean queued?\n',
  });
  const one = await world.forge('cancel', 'fg-none-1', String(ids[2]));
  expect(one.stderr).toMatch(/^forge: There is no run fg-none-1\D.* Cancelled are: \S+-1\.\n/);
  expect(await world.json<Run[]>('cancel', '--all')).toHaveLength(2);
  const runs = await runsOf();
  expect(runs.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(runs[2].startedAt).toBeNull();
  expect(await world.forge('cancel')).toMatchObject({ status: 2 });
});
