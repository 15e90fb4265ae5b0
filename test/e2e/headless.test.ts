import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// An agent without a screen, from the settings of a project to the bill; its program is a script that speaks stream-json.

const program = resolve(import.meta.dirname, '../support/stream-json-entry.ts');

let world: World;

beforeEach(async () => {
  world = new World();
  await world.forge('init', '--stealth', '--prefix', 'fg');
  const script = world.write('../agents/quiet.sh', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    isExecutable: true,
  });
  const agent = { adapter: 'claude-code-headless', command: [script], env: { CHAT_LOG: log() } };
  const settings = {
    prefix: 'fg',
    mode: 'stealth',
    agents: { quiet: agent },
    workers: [{ name: 'ada', agent: 'quiet' }],
  };
  world.write('.forge/config.yaml', JSON.stringify(settings));
});
afterEach(() => world.dispose());

const log = () => join(world.root, 'log');

function prompts(): string[] {
  const lines = existsSync(log()) ? readFileSync(log(), 'utf8').trim().split('\n') : [];
  return lines.flatMap((line) => JSON.parse(line).prompt ?? []);
}

interface SessionJson {
  id: string;
  state: string;
  reason: string;
  evidence: string;
}

function session(state: string): Promise<SessionJson> {
  let seen: SessionJson[] = [];
  const look = async () => {
    seen = await world.json<SessionJson[]>('session', 'list');
    return seen.find((one) => one.state === state);
  };
  return until(`a session is ${state}`, look, { shown: () => JSON.stringify(seen) });
}

interface RunJson {
  status: string;
  cost: Record<string, number>;
}

test('a task is dispatched, a question answered, a prompt sent; a killed supervisor misses nothing, and all is on the bill', async () => {
  const { id: task } = await world.json<{ id: string }>('task', 'add', 'ask me first');
  const { runs } = await world.json<{ runs: [{ id: string }] }>('dispatch', task);
  const [{ id: run }] = runs;
  const asking = await session('waiting');
  expect(asking).toMatchObject({ reason: 'approve Bash: rm �[31m-rf', evidence: 'program status: blocked' });
  await world.forge('session', 'send', asking.id, '--raw', 'y');
  await session('done');

  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  await world.forge('session', 'send', 'ada', 'hello again', '--wait', 'answered');
  expect(prompts()).toEqual(['ask me first', 'hello again']);

  let shown: RunJson | null = null;
  const bothAreThere = async () => {
    shown = await world.json<RunJson>('run', 'show', run);
    return shown.cost.inputTokens === 20 && shown.cost.outputTokens === 10 && shown.cost.cacheReadTokens === 6;
  };
  await until('both answers are on the bill', bothAreThere, { shown: () => JSON.stringify(shown) });
  expect((await world.json<RunJson>('run', 'show', run)).status).toBe('working');
  await world.forge('approve', run);
  await session('exited');
  const isDone = async () => {
    shown = await world.json<RunJson>('run', 'show', run);
    return shown.status === 'done';
  };
  await until('the run is done', isDone, { shown: () => JSON.stringify(shown) });
});
