import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

test('a host that was killed is no reason to leave its agents behind: a stop refuses, and a forced one ends them', async () => {
  const file = world.write('../agents/chat.sh', '#!/bin/sh\nexec sleep 600\n', { isExecutable: true });
  const agents = `agents: { chat: { adapter: command, command: [${JSON.stringify(file)}] } }`;
  world.write('.forge/config.yaml', `prefix: fg\n${agents}\nworkers: [{ name: worker-1, agent: chat }]\n`);
  const { id } = await world.json<{ id: string }>('task', 'add', 'Bake bread');
  await world.json('dispatch', id);
  const [session] = await until('the agent is there', async () => {
    const sessions = await world.json<{ pid: number | null }[]>('session', 'list');
    return sessions[0]?.pid ? (sessions as { pid: number }[]) : false;
  });
  const status = await world.json<Record<'sessionHost' | 'supervisor', { pid: number }>>('host', 'status');
  process.kill(status.supervisor.pid, 'SIGKILL');
  process.kill(status.sessionHost.pid, 'SIGKILL');
  const keepers = join(world.root, 'f', 'run', 'keepers');
  await until('the keeper holds its terminal', () => existsSync(keepers) && readdirSync(keepers).length > 0);

  const refused = await world.forge('host', 'stop');
  expect(refused.status).not.toBe(0);
  expect(isAlive(session?.pid ?? 0)).toBe(true);
  expect((await world.forge('host', 'stop', '--force')).status).toBe(0);
  await until('nothing is left', () => !isAlive(session?.pid ?? 0) && readdirSync(keepers).length === 0);
});
