import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ForgeError } from '../../src/base/errors.ts';
import { git } from '../support/git-repository.ts';
import { RunWorld } from '../support/run-world.ts';
import { until } from '../support/until.ts';

// What keeps no run from its end, and lets none wait for ever.

const died = () => ({ endedAt: Date.now(), exitCode: null, signal: 9 });
const cutOff =
  'The agent was ended by signal 9. Let it go on where it was, accept its work as it is, or cancel the run.';

test('who is known to have died is dead, though neither its screen nor its records can be read', async () => {
  const world = await RunWorld.open({ agent: 'chat' });
  // Where its records would be is a file.
  writeFileSync(join(world.folder, '.claude'), '');
  const { id } = await world.dispatch();
  world.says(id, died());
  expect(await world.reaches(id, 'paused')).toMatchObject({ reason: cutOff });
});

test('who waits for a person and dies waits no more', async () => {
  const world = await RunWorld.open({ agent: 'chat' });
  const { id } = await world.dispatch();
  world.tells(id, 'blocked', 'asks for permission');
  await until('it waits', () => world.run(id).reason === 'asks for permission');
  world.says(id, died());
  expect(await world.reaches(id, 'paused')).toMatchObject({ reason: cutOff });
});

test('a chat that is killed goes on when a person says so, in another session; one whose end was asked for does not', async () => {
  const world = await RunWorld.open({ agent: 'chat' });
  const { id, session } = await world.dispatch();
  world.says(id, died());
  await world.reaches(id, 'paused');
  world.context.runs.resume(id, 'ada');
  const goesOn = await world.reaches(id, 'working');
  expect(goesOn.session).not.toBe(session);
  await until('it is started', () => world.host.facts.has(goesOn.session));
  world.says(id, { ...died(), isEndAsked: true });
  expect(await world.reaches(id, 'failed')).toMatchObject({ reason: 'The agent was ended by signal 9.' });
});

test('a script that is killed has failed: it has nothing to go on with', async () => {
  const world = await RunWorld.open();
  const { id } = await world.dispatch();
  world.says(id, died());
  expect(await world.reaches(id, 'failed')).toMatchObject({ reason: 'The agent was ended by signal 9.' });
});

test('stuck and dead at once: the run has failed and says both, and its worker takes the next task', async () => {
  const world = await RunWorld.open({ agent: 'chat' });
  const { id } = await world.dispatch();
  world.context.runs.pause(id, 'It seems to be stuck: the same again and again.', 'supervisor', true);
  world.says(id, died());
  const reason = 'It seemed to be stuck. The agent was ended by signal 9.';
  expect(await world.reaches(id, 'failed')).toMatchObject({ reason });
  expect(await world.dispatch('Bake cake')).toMatchObject({ worker: 'ada', status: 'working' });
});

test('a run whose worktree somebody removed is cancelled like any other, once', async () => {
  const world = await RunWorld.open();
  const { id, worktree } = await world.dispatch();
  rmSync(worktree as string, { recursive: true });
  world.context.runs.cancel(id, 'ada');
  await until('nothing is left to do', () => world.context.store.runs.unsettled().length === 0);
  expect(world.run(id)).toMatchObject({ status: 'cancelled', reason: 'Cancelled by ada.' });
  expect(world.host.facts.get(world.run(id).session)?.endedAt).not.toBeNull();
});

test('a run whose program nobody can find any more is cancelled all the same', async () => {
  const world = await RunWorld.open();
  const { id } = await world.dispatch();
  world.host.kill = async () => {
    throw new ForgeError('session.ended', 'There is no such process.');
  };
  world.context.runs.cancel(id, 'ada');
  await until('nothing is left to do', () => world.context.store.runs.unsettled().length === 0);
  expect(world.run(id).status).toBe('cancelled');
});

test('a branch that was deleted under a run is a matter of that run alone', async () => {
  const workers = [...['ada', 'bo'].map((name) => ({ name, agent: 'script' }))];
  const world = await RunWorld.open({ workers });
  const { id, worktree, branch } = await world.dispatch();
  writeFileSync(join(worktree as string, 'bread.txt'), 'bread\n');
  git(world.root, 'update-ref', '-d', `refs/heads/${branch}`);
  await world.begin();
  const other = await world.dispatch('Bake cake');
  world.says(other.id, { endedAt: Date.now(), exitCode: 0, signal: 0 });
  await world.reaches(other.id, 'done');
  world.says(id, { endedAt: Date.now(), exitCode: 0, signal: 0 });
  expect((await world.reaches(id, 'paused')).reason).not.toBe('');
  world.context.runs.cancel(id, 'ada');
  await until('nothing is left to do', () => world.context.store.runs.unsettled().length === 0);
  expect(git(world.root, 'show', `refs/forge/kept/${id}/1:bread.txt`)).toBe('bread\n');
});

test.each([
  ['gated', { gates: [{ name: 'taste', run: 'true' }] }],
  ['delivered', {}],
])('work that is gone when it is to be %s is asked about, and goes on when it is back', async (_what, settings) => {
  const world = await RunWorld.open({ ...settings, delivery: 'commit' });
  const { id, worktree, branch } = await world.dispatch();
  const path = worktree as string;
  writeFileSync(join(path, 'bread.txt'), 'bread\n');
  await world.context.checkpoints.checkpoint(world.run(id), 'a test');
  rmSync(path, { recursive: true });
  world.says(id, { endedAt: Date.now(), exitCode: 0, signal: 0 });
  expect((await world.reaches(id, 'paused')).reason).toContain(`The worktree ${path} is gone. Bring back what it was`);
  await world.context.checkpoints.rewindAtRest(world.run(id), 2, 'ada');
  world.context.runs.resume(id, 'ada');
  await world.reaches(id, 'done');
  expect(git(world.root, 'show', `${branch}:bread.txt`)).toBe('bread\n');
});

test('an agent that only commits what it has does something: its next failure goes back to it too', async () => {
  const world = await RunWorld.open({ agent: 'chat', gates: [{ name: 'taste', run: 'exit 1', rounds: 5 }] });
  const { id, worktree } = await world.dispatch();
  const path = worktree as string;
  writeFileSync(join(path, 'bread.txt'), 'bread\n');
  const answers = async (times: number) => {
    world.tells(id, 'done');
    await until('it was gated', () => world.events(id).filter(({ type }) => type === 'gates.failed').length === times);
    return world.run(id);
  };
  expect(await answers(1)).toMatchObject({ status: 'fixing' });
  git(path, 'add', '--all');
  git(path, 'commit', '--quiet', '-m', 'bread');
  expect(await answers(2)).toMatchObject({ status: 'fixing' });
  // Who does nothing at all is not told once more.
  const unchanged = await answers(3);
  expect(unchanged).toMatchObject({ status: 'paused' });
  expect(unchanged.reason).toContain('Nothing was changed since it failed before.');
});
