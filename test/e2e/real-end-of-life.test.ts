import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { isAlive, treeOf } from '../support/process-tree.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { realAgents, realForge, unasked } from '../support/real-forge.ts';
import { dispatchTo, reaches } from '../support/told-run.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

// Nothing of an agent is left when it should have ended: not its own processes, not the command that it runs, not what that
// command started in a session of its own. All four real programs at once, each with a long command.

/** Both write down who they are. */
const long = 'echo $$ >> pids; setsid sh -c "echo \\$\\$ >> pids; exec sleep 999" & exec sleep 999';
const scenario = {
  // Codex leaves a long command to itself after a while, and asks what to do next.
  prompts: [
    { match: 'long command', turns: [{ actions: [{ do: 'shell', command: long }] }, { fault: { kind: 'hang' } }] },
  ],
  side: { text: 'Title' },
};

interface Started {
  run: Run;
  agent: string;
  /** Of the agent, its children however deep, and its command. */
  pids: number[];
}

const ways: [string, (world: World, each: Started) => Promise<unknown>][] = [
  ['session kill', (world, { run }) => world.forge('session', 'kill', run.session)],
  ['cancel', (world, { run }) => world.forge('cancel', run.id)],
  ['approve', (world, { run }) => world.forge('approve', run.id)],
  ['it is left', leave],
  ['a fallback', allowNoSilence],
];

describe.skipIf(!hasRealAgents)('the end of real agents that run a long command', () => {
  test.each(ways)('%s: nothing is left', { timeout: 400_000 }, async (_way, end) => {
    await using all = await started();
    for (const each of all.started) await end(all.world, each);
    await nothingLeft(all.started);
  });

  test('the session host is stopped: nothing is left', { timeout: 400_000 }, async () => {
    await using all = await started();
    expect((await all.world.forge('host', 'stop', '--force')).status).toBe(0);
    await nothingLeft(all.started, 1_000);
  });
});

/** By its own keys: Codex leaves its commands running then. */
async function leave(world: World, { run, agent }: Started): Promise<void> {
  const press = () => world.forge('session', 'send', run.session, '--raw', '\x03');
  await until(
    `${agent} to end`,
    async () => {
      const { status } = await world.json<Run>('run', 'show', run.id);
      if (status !== 'working') return true;
      // Two at once: some leave at the second within a second, and a command can take longer.
      await Promise.all([press(), press()]);
      return false;
    },
    {
      timeoutMs: 60_000,
      everyMs: 300,
      shown: async () => (await world.forge('session', 'screen', run.session)).stdout,
    },
  );
}

/** Only now, at its command: to start, a program may be silent for much longer. */
async function allowNoSilence(world: World, { agent }: Started): Promise<void> {
  const settings = JSON.parse(readFileSync(join(world.repository, '.forge/config.yaml'), 'utf8'));
  Object.assign(settings.agents[agent], { timeoutMs: 1_000, fallback: 'script' });
  world.write('.forge/config.yaml', JSON.stringify(settings));
}

/** All four, each at its long command. */
async function started() {
  const model = await startModel(scenario);
  const script = { adapter: 'command', command: ['/bin/true'] };
  const world = await realForge(model.url, { ...unasked, script });
  const end = async () => {
    await world.dispose();
    await model.close();
  };
  try {
    return {
      world,
      started: await Promise.all(realAgents.map((agent) => startedOne(world, agent))),
      [Symbol.asyncDispose]: end,
    };
  } catch (failure) {
    await end();
    throw failure;
  }
}

async function startedOne(world: World, agent: string): Promise<Started> {
  const { id } = await dispatchTo(world, agent, `Run the long command of ${agent}`);
  const run = await reaches(world, id, 'has a worktree', ({ worktree }) => worktree !== null);
  // Without a command of ours meanwhile: they would take the machine from four programs that start.
  await until(`${agent} to run its command`, () => commandPids(run.worktree as string).length === 2, {
    // The first opencode of a home fetches a package before it does anything else.
    timeoutMs: 240_000,
    shown: async () => (await world.forge('session', 'screen', run.session)).stdout,
  });
  const sessions = await world.json<{ id: string; pid: number }[]>('session', 'list');
  const leader = sessions.find(({ id }) => id === run.session)?.pid as number;
  const pids = [...new Set([...treeOf(leader), ...commandPids(run.worktree as string)])];
  expect(pids.length).toBeGreaterThanOrEqual(3);
  return { run, agent, pids };
}

async function nothingLeft(all: readonly Started[], timeoutMs = 30_000): Promise<void> {
  const left = () =>
    all.flatMap(({ agent, pids }) => pids.filter(isAlive).map((pid) => `${agent}: ${pid} ${commandOf(pid)}`));
  await until('everything to end', () => left().length === 0, { timeoutMs, shown: () => left().join('\n') });
}

function commandPids(worktree: string): number[] {
  const file = join(worktree, 'pids');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200);
}
