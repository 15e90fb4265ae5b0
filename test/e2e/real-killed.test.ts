import { describe, expect, test } from 'vitest';
import { treeOf } from '../support/process-tree.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { type RealAgent, realAgents, realForge, unasked } from '../support/real-forge.ts';
import { RealRun, toldIn } from '../support/real-run.ts';
import type { World } from '../support/world.ts';

// A real program, or what holds it, is killed in the middle of a prompt: its run goes on in exactly that conversation, and each prompt is
// in it once.

const slow = { text: Array.from({ length: 100 }, (_, at) => `slow word ${at}`).join(', '), chunkDelayMs: 300 };
const scenario = {
  prompts: [
    { match: 'prompt-one', turns: [slow] },
    { match: '.', turns: [{ text: 'A quick answer.' }] },
  ],
  side: { text: 'Title' },
};

/** Which process of its tree is the program: Gemini CLI has a shell and a launcher before it. */
const depth: Record<RealAgent, number> = { claude: 0, codex: 0, gemini: 2, opencode: 0 };

const ways: [string, (world: World, run: RealRun, agent: RealAgent) => Promise<unknown>][] = [
  [
    'the program is killed',
    async (_world, run, agent) =>
      process.kill(treeOf((await run.session())?.pid as number)[depth[agent]] as number, 'SIGKILL'),
  ],
  ['all of Forge is killed', (world) => world.killAll()],
];
const rows = ways.flatMap(([way, kill]) => realAgents.map((agent) => ({ agent, way, kill })));

/** A run whose first prompt is being answered, and whose second waits behind it. */
async function inTheMiddle(world: World, agent: RealAgent): Promise<RealRun> {
  const run = await RealRun.begin(world, agent, 'Say that you are there');
  await run.untilScreen('A quick answer.');
  await run.send('This is prompt-one');
  await run.untilScreen('slow word 3');
  await run.send('This is prompt-two');
  return run;
}

describe.skipIf(!hasRealAgents)('a death in the middle of a prompt', () => {
  test.each(rows)('$way: $agent goes on with its conversation', { timeout: 300_000 }, async ({ agent, kill }) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [agent]: unasked[agent] });
    const run = await inTheMiddle(world, agent);
    const { conversation, worktree } = await run.show();
    await kill(world, run, agent);

    await run.until('its run to be paused', async () => (await run.show()).status === 'paused');
    expect((await world.forge('resume')).stdout).toContain(run.id);
    await world.json('resume', run.id);
    await run.until('both prompts to be answered', async () => (await run.states()) === 'answered,answered');
    expect(await run.show()).toMatchObject({ status: 'working', conversation, worktree });
    expect(toldIn(model.requests, /prompt-(?:one|two)|You were interrupted/g)).toEqual([
      'prompt-one',
      'You were interrupted',
      'prompt-two',
    ]);
    await model.close();
  });

  test.each(realAgents)(
    'the session host is killed: %s answers in the same session',
    { timeout: 300_000 },
    async (agent) => {
      const model = await startModel(scenario);
      await using world = await realForge(model.url, { [agent]: unasked[agent] });
      const run = await inTheMiddle(world, agent);
      const { session } = await run.show();
      const { sessionHost } = await world.json<{ sessionHost: { pid: number } }>('host', 'status');
      process.kill(sessionHost.pid, 'SIGKILL');
      await run.until('both prompts to be answered', async () => (await run.states()) === 'answered,answered');
      expect(await run.show()).toMatchObject({ status: 'working', session });
      expect(toldIn(model.requests, /prompt-(?:one|two)/g)).toEqual(['prompt-one', 'prompt-two']);
      await model.close();
    },
  );
});
