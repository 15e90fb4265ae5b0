import { expect, test } from 'vitest';
import { putScriptedAgent } from '../support/scripted-agent.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

interface Row {
  id: string;
  run: string | null;
  shell: string | null;
  state: string;
}

test('a shell is beside the agent and no agent: it gets no prompts, and ends with the person alone', async () => {
  await using world = new World();
  await putScriptedAgent(world, ['ada']);
  const { id: task } = await world.json<{ id: string }>('task', 'add', 'Bread');
  const sessions = () => world.json<Row[]>('session', 'list');
  await expect(world.json('session', 'shell', task)).rejects.toThrow('no task of that id has one');
  await world.forge('dispatch', task);
  await until('its agent is there', async () => (await sessions()).length === 1);
  const opened = await world.json<Row & { worktree: string }>('session', 'shell', task);
  expect(opened).toMatchObject({ run: `${task}-1`, task });
  expect(await world.json('session', 'shell', `${task}-1`)).toEqual(opened);
  expect(await sessions()).toContainEqual(expect.objectContaining({ id: opened.id, run: null, shell: `${task}-1` }));

  expect((await world.json<Row>('session', 'send', task, 'hello')).id).toMatch(new RegExp(`^${task}-1\\.....$`));
  expect(await world.forge('session', 'send', opened.id, 'hello')).toMatchObject({ status: 4 });
  await world.forge('session', 'send', opened.id, '--raw', 'pwd\\r');
  await until('it is in the worktree', async () =>
    (await world.forge('session', 'screen', opened.id)).stdout.includes(opened.worktree),
  );

  await world.json('cancel', task);
  expect(await sessions()).toContainEqual(
    expect.objectContaining({ id: opened.id, state: expect.not.stringMatching('exited') }),
  );
  const [step] = await world.json<{ stays: string }[]>('worktree', 'prune', '--dry-run');
  expect(step?.stays).toContain('works in it');

  await world.forge('session', 'kill', opened.id);
  await until('nothing is left of it', async () => (await sessions()).every(({ id }) => id !== opened.id));
});
