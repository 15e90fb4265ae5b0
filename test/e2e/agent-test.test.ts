import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentTest } from '../../src/app/test-agent.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { type RealAgent, realAgents, realForge, unasked } from '../support/real-forge.ts';
import { World } from '../support/world.ts';

/** What the command prints also when the agent did not answer. */
async function tested(world: World, agent: string, ...flags: string[]): Promise<AgentTest & { status: number }> {
  const { status, stdout, stderr } = await world.forge('agent', 'test', agent, ...flags, '--json');
  if (stdout === '') throw new Error(stderr);
  return { ...JSON.parse(stdout), status };
}

/** No session and no worktree of the test is there any more. */
async function expectNothingLeft(world: World): Promise<void> {
  expect(await world.json('session', 'list')).toEqual([]);
  expect(world.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  expect(world.git('branch', '--list').trim()).toBe('* main');
}

describe('forge agent test', () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.forge('init', '--prefix', 'fg');
  });
  afterEach(() => world.dispose());

  test('a script that ends well, one that ends badly, one that never ends, and one that is not there', async () => {
    world.configure({
      good: { script: '#!/bin/sh\necho "$FORGE_PROMPT" > said.txt; [ -e README.md ] && echo ready\n' },
      bad: { script: '#!/bin/sh\nexit 3\n' },
      deaf: { script: "#!/bin/sh\ntrap '' TERM; while true; do sleep 0.2; done\n" },
    });
    expect(await tested(world, 'good-agent')).toMatchObject({ status: 0, outcome: 'answered', tokens: null });
    expect(await tested(world, 'bad-agent')).toMatchObject({
      status: 1,
      outcome: 'ended',
      reason: expect.stringMatching(/exit status 3/),
    });
    expect(await tested(world, 'deaf-agent', '--timeout', '1')).toMatchObject({ status: 1, outcome: 'late' });
    const { stdout } = await world.forge('agent', 'test', 'good-agent');
    expect(stdout).toMatch(
      /^good-agent \(command\)\n {2}found +\/.*good\.sh\n {2}started +in \d+ ms\n {2}answered +yes, in/,
    );
    expect((await world.forge('agent', 'test', 'nobody')).status).toBe(3);
    await expectNothingLeft(world);
    expect(readdirSync(join(world.root, 'f', 'worktrees', 'shop'))).toEqual([]);
  });
});

describe.skipIf(!hasRealAgents)('forge agent test with real agents', () => {
  const scenario = {
    prompts: [
      {
        match: 'be refused',
        turns: [{ fault: { status: 400, message: 'no such key: sk-ant-mock-00000000000000000000' } }],
      },
      { match: '.', turns: [{ text: 'ready', usage: { input: 1_200, output: 80, cacheRead: 300 } }] },
    ],
    side: { text: 'Title', usage: { input: 0, output: 0 } },
  };

  test.each(realAgents)('%s answers, and tells what it used', { timeout: 120_000 }, async (name: RealAgent) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [name]: unasked[name] });
    expect(await tested(world, name)).toMatchObject({
      ...{ status: 0, outcome: 'answered', found: { isFound: true, version: expect.stringMatching(/^\d/) } },
      tokens: { input: 1_200, output: 80, cacheRead: 300 },
    });
    await expectNothingLeft(world);
    await model.close();
  });

  test('one that asks for trust first, and one that is refused: with the reason, without the key', async () => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { claude: unasked.claude });
    const refused = await tested(world, 'claude', '--prompt', 'You will be refused');
    expect(refused).toMatchObject({ status: 1, outcome: 'failed', reason: expect.stringContaining('no such key') });
    expect(JSON.stringify(refused)).not.toContain('sk-ant-mock');
    world.write('../home/.claude.json', JSON.stringify({ hasCompletedOnboarding: true, theme: 'dark' }));
    const asks = await tested(world, 'claude');
    expect(asks).toMatchObject({ status: 5, outcome: 'asks', reason: expect.stringMatching(/trust|API key/) });
    await expectNothingLeft(world);
    await model.close();
  }, 120_000);
});
