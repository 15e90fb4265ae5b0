import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runGateLog, runGateRun, runGates } from '../../src/app/operations/run/gates.ts';
import { RunWorld } from '../support/run-world.ts';
import { until } from '../support/until.ts';

const gates = [
  { name: 'taste', run: 'test -e bread.txt || { echo no bread; exit 3; }' },
  { name: 'smell', run: 'true' },
];

test('gates that a person runs are kept like the others, and change nothing of the run', async () => {
  const world = await RunWorld.open({ agent: 'chat', gates });
  const { id, worktree } = await world.dispatch();
  const before = world.run(id);
  const tried = await runGateRun.run(world.context, { run: id });
  expect(tried).toMatchObject([{ attempt: 1, gate: 'taste', result: 'failed', reason: 'It exited with status 3.' }]);
  expect((await runGateLog.run(world.context, { run: id, gate: 'taste' })).text).toContain('no bread');
  expect({ ...world.run(id), filesChanged: 0 }).toEqual({ ...before, filesChanged: 0 });
  expect(world.events(id).at(-1)).toMatchObject({
    ...{ type: 'gates.tried', actor: 'person:ada', status: 'working' },
    payload: { reason: 'Gate taste: It exited with status 3.' },
  });
  writeFileSync(join(worktree as string, 'bread.txt'), 'bread\n');
  expect(await runGateRun.run(world.context, { run: id, gate: 'taste' })).toMatchObject([
    { attempt: 2, gate: 'taste', result: 'passed' },
  ]);
  // Those of the run's own life are the next time.
  world.tells(id, 'done');
  await world.reaches(id, 'reviewing');
  const all = await runGates.run(world.context, { run: id });
  expect(all.map(({ attempt, gate, result }) => [attempt, gate, result])).toEqual([
    [1, 'taste', 'failed'],
    [2, 'taste', 'passed'],
    [3, 'taste', 'passed'],
    [3, 'smell', 'passed'],
  ]);
});

test('when the work is complete meanwhile, its own gates take their place', async () => {
  const slow = { name: 'taste', run: 'echo $$ >> pids; test $(wc -l < pids) -gt 1 || exec sleep 300' };
  const world = await RunWorld.open({ agent: 'chat', gates: [slow] });
  const { id, worktree } = await world.dispatch();
  const byHand = runGateRun.run(world.context, { run: id });
  const refused = expect(byHand).rejects.toMatchObject({ code: 'run.state' });
  await until('they run', () => existsSync(join(worktree as string, 'pids')));
  await expect(runGateRun.run(world.context, { run: id })).rejects.toThrow('they run already');
  world.tells(id, 'done');
  await refused;
  await world.reaches(id, 'reviewing');
});

test('what cannot be run by hand says why', async () => {
  const world = await RunWorld.open({ agent: 'chat', gates });
  const { id } = await world.dispatch();
  const tried = (gate?: string) => runGateRun.run(world.context, { run: id, gate });
  await expect(tried('tast')).rejects.toMatchObject({ code: 'gate.missing', next: 'It has: taste, smell.' });
  world.context.runs.cancel(id, 'ada');
  await until('it has ended', () => world.context.store.runs.unsettled().length === 0);
  // What it left can be looked at.
  expect(await tried('smell')).toMatchObject([{ result: 'passed' }]);
  expect(world.run(id).status).toBe('cancelled');
});

test('gates by hand whose supervisor was killed are ended by the next one', async () => {
  const world = await RunWorld.open({
    agent: 'chat',
    gates: [{ name: 'taste', run: 'echo $$ > pid; exec sleep 300' }],
  });
  const { id, worktree } = await world.dispatch();
  const file = join(worktree as string, 'pid');
  // The one that began it never hears of its end, as after a kill.
  void Promise.resolve(runGateRun.run(world.context, { run: id })).catch(() => {});
  const pid = await until('it runs', () => existsSync(file) && readFileSync(file, 'utf8').trim());
  await world.begin();
  await until('it has ended', () => !existsSync(`/proc/${pid}/cwd`));
});
