import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { realAgents, realForge, unasked } from '../support/real-forge.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

// What a run used, beside what the scripted model charged, over a killed supervisor, a machine that lost its power, and a resume.

/** Different for each call: one that is missed, doubled or mixed up shows in the sum. */
const charged = [
  { match: 'You were interrupted', usage: { input: 20_400, output: 4_000, cacheRead: 9_000 } },
  { match: 'the second thing', usage: { input: 517, output: 11, cacheRead: 23 } },
  { match: 'the first thing', usage: { input: 1_200, output: 80, cacheRead: 300 } },
];
const scenario = {
  prompts: charged.map(({ match, usage }) => ({
    match,
    turns: [{ text: `Said to ${match}.`, usage }],
  })),
  side: { text: 'Title', usage: { input: 7, output: 3 } },
};

interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
}

describe.skipIf(!hasRealAgents)('what runs of real agents used', () => {
  test.each(realAgents)('%s: to the token, over restarts and a resume', { timeout: 240_000 }, async (name) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [name]: unasked[name] });
    const task = await world.json<{ id: string }>('task', 'add', 'Say the first thing');
    const [run] = (await world.json<{ runs: Run[] }>('dispatch', task.id, name)).runs;
    await usedUntilNow(world, 1);

    const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
    process.kill(supervisor.pid, 'SIGKILL');
    await world.json('session', 'send', name, 'Say the second thing', '--wait', 'accepted');
    await usedUntilNow(world, 2);

    await world.killAll();
    await until('the run to be paused', async () => {
      const { status } = await world.json<Run>('run', 'show', (run as Run).id);
      return status === 'paused';
    });
    await world.json('resume', (run as Run).id);
    await usedUntilNow(world, 3);
    // What is charged besides is told by nobody: the guide and `forge cost --by agent` say so of Codex and its titles alone.
    const isTitled = model.requests.some(({ side }) => side);
    expect(isTitled).toBe(name === 'codex');
    await model.close();
  });
});

/** The sum of the first so many prompts. */
async function usedUntilNow(world: World, prompts: number): Promise<void> {
  const calls = charged.slice(-prompts).map(({ usage }) => usage);
  const sum = (kind: keyof Tokens) => calls.reduce((total, call) => total + call[kind], 0);
  const expected = { input: sum('input'), output: sum('output'), cacheRead: sum('cacheRead') };
  let told: Tokens | null = null;
  await until(
    `tokens of ${prompts} prompts`,
    async () => {
      const { total } = await world.json<{ total: Record<string, number | null> }>('cost');
      const { inputTokens, outputTokens, cacheReadTokens } = total;
      told = { input: inputTokens ?? 0, output: outputTokens ?? 0, cacheRead: cacheReadTokens ?? 0 };
      return isDeepStrictEqual(told, expected);
    },
    { timeoutMs: 90_000, everyMs: 500, shown: () => JSON.stringify({ told, expected }) },
  );
}
