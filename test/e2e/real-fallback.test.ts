import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/run.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { realAgents, realForge, unasked } from '../support/real-forge.ts';
import { dispatchTo, reaches, type ToldRun } from '../support/told-run.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

// The real programs whose scripted model refuses, takes no more, or does not answer: another agent goes on.

const usage = {
  begun: { input: 1_200, output: 80, cacheRead: 300 },
  finished: { input: 20_400, output: 4_000, cacheRead: 9_000 },
};
const begun = { text: 'Begun.', actions: [{ do: 'write', path: 'begun.txt', content: 'flour' }], usage: usage.begun };
/** Of a day, to Gemini CLI: others it tries again by itself. */
const limit = { status: 429, message: 'too much, limit: 0' };
const scenario = {
  prompts: [
    // The newest prompt first: it repeats the task, or stands behind it.
    { match: 'could not go on', turns: [{ text: 'Finished.', usage: usage.finished }] },
    { match: 'be refused', turns: [begun, { fault: { status: 400, message: 'bad thing' } }] },
    { match: 'be limited', turns: [begun, { fault: limit }] },
    { match: 'never be answered', turns: [{ fault: { kind: 'hang' } }] },
  ],
  side: { text: 'Title', usage: { input: 0, output: 0 } },
};

describe.skipIf(!hasRealAgents)('fallbacks of real agents', () => {
  test.each([
    ['claude', 'be refused', 'codex', 'failure', /^It failed: .*bad thing/],
    ['codex', 'be refused', 'gemini', 'failure', /^It failed/],
    ['gemini', 'be refused', 'opencode', 'failure', /^It failed: .*bad thing/],
    ['opencode', 'be refused', 'claude', 'failure', /^It failed: .*bad thing/],
    ['gemini', 'be limited', 'codex', 'limit', /^Its provider takes no more: asks whether to keep trying/],
    ['claude', 'be limited', 'opencode', 'limit', /^Its provider takes no more: .*too much/],
  ] as const)('%s will %s: %s goes on, and the cost of each is its own', { timeout: 300_000 }, async (...row) => {
    const [first, task, second, cause, reason] = row;
    const model = await startModel(scenario);
    await using world = await realForge(model.url, {
      [first]: { ...unasked[first], fallback: second },
      [second]: unasked[second],
    });
    const run = (await dispatchTo(world, first, `You will ${task}`)).id;
    const shown = await reaches(world, run, 'goes on', (now) => now.agent === second && now.status === 'working');
    expect(fallOf(shown)).toMatchObject({ cause, from: first, agent: second, reason: expect.stringMatching(reason) });
    expect(existsSync(join(shown.worktree as string, 'begun.txt'))).toBe(true);
    const charged = { [first]: usage.begun, [second]: usage.finished };
    let told: Record<string, Tokens> = {};
    const isCharged = async () => {
      told = await costs(world);
      return isDeepStrictEqual(told, charged);
    };
    await until('tokens as charged', isCharged, {
      timeoutMs: 120_000,
      everyMs: 500,
      shown: () => JSON.stringify(told),
    });
    await model.close();
  });

  test.each(realAgents)(
    '%s that waits for an answer in vain gives no sign of work',
    { timeout: 300_000 },
    async (name) => {
      const model = await startModel(scenario);
      const script = { adapter: 'command', command: ['/bin/true'] };
      const settings = { timeoutMs: 8_000, fallback: 'script' };
      await using world = await realForge(model.url, { [name]: { ...unasked[name], ...settings }, script });
      const run = (await dispatchTo(world, name, 'You will never be answered')).id;
      const shown = await reaches(world, run, 'is done', ({ status }) => status === 'done');
      expect(fallOf(shown)).toMatchObject({ cause: 'timeout', from: name, agent: 'script' });
      await model.close();
    },
  );

  test('another model of the same program takes the conversation along', { timeout: 300_000 }, async () => {
    const model = await startModel(scenario);
    const other = { ...unasked.claude, env: { ANTHROPIC_MODEL: 'claude-haiku-4-5' } };
    await using world = await realForge(model.url, { claude: { ...unasked.claude, fallback: 'other' }, other });
    const run = (await dispatchTo(world, 'claude', 'You will be refused')).id;
    const shown = await reaches(world, run, 'is answered', ({ events }) => lastOf(events) === 'agent.answered');
    expect(shown.agent).toBe('other');
    const last = JSON.stringify(
      model.requests.findLast(({ body }) => JSON.stringify(body).includes('could not go on'))?.body,
    );
    expect(last).toContain('claude-haiku-4-5');
    expect(last).toContain('Begun.');
    expect(await costs(world)).toEqual({ claude: usage.begun, other: usage.finished });
    await model.close();
  });
});

const lastOf = (events: readonly RunEvent[]) => events.at(-1)?.type;
const fallOf = ({ events }: ToldRun) => events.find(({ type }) => type === 'run.fellBack')?.payload;

type Tokens = { input: number; output: number; cacheRead: number };

/** By agent. */
async function costs(world: World): Promise<Record<string, Tokens>> {
  const { rows } = await world.json<{ rows: { name: string; cost: Record<string, number> }[] }>(
    'cost',
    '--by',
    'agent',
  );
  const tokens = rows.map(({ name, cost: { inputTokens, outputTokens, cacheReadTokens } }) => [
    name,
    { input: inputTokens, output: outputTokens, cacheRead: cacheReadTokens },
  ]);
  return Object.fromEntries(tokens);
}
