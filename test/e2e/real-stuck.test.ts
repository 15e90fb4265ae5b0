import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { realAgents, realForge, unasked } from '../support/real-forge.ts';
import { dispatchTo, reaches, type ToldRun } from '../support/told-run.ts';
import { until } from '../support/until.ts';

// The real programs whose scripted model bakes badly, or goes round in circles.

const look = { text: 'I look.', actions: [{ do: 'shell', command: 'ls oven' }], delayMs: 400 };
const scenario = {
  prompts: [
    // The newest words first: they stand behind the task, or repeat it.
    {
      match: 'check `taste` does not pass',
      turns: [{ actions: [{ do: 'shell', command: 'echo good > bread.txt' }] }, { text: 'Mended.' }],
    },
    { match: 'seem to be stuck', turns: [{ text: 'I take another way.' }] },
    {
      match: 'bake bread',
      turns: [{ actions: [{ do: 'write', path: 'bread.txt', content: 'burnt' }] }, { text: 'Baked.' }],
    },
    { match: 'go round', turns: [...Array.from({ length: 40 }, () => look), { text: 'Gone round.' }] },
  ],
  side: { text: 'Title' },
};
const headless = {
  ...{
    adapter: 'claude-code-headless',
    command: ['claude', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash'],
  },
};
const agents = { ...unasked, headless };
const names = [...realAgents, 'headless'] as const;
/** Gemini CLI looks for circles itself, a little sooner, and asks the person. */
const unaware = names.filter((name) => name !== 'gemini');

describe.skipIf(!hasRealAgents)('gates and loops of real agents', () => {
  test.each(names)('%s is told by a gate what is wrong, and mends it', { timeout: 300_000 }, async (name) => {
    const model = await startModel(scenario);
    await using world = await realForge(
      model.url,
      { [name]: agents[name] },
      { gates: [{ name: 'taste', run: 'grep good bread.txt' }] },
    );
    const run = (await dispatchTo(world, name, 'You will bake bread')).id;
    const shown = await reaches(world, run, 'is looked at', ({ status }) => status === 'reviewing');
    expect(typesOf(shown).filter((type) => type.startsWith('gates.'))).toEqual(['gates.failed', 'gates.passed']);
    expect(readFileSync(join(shown.worktree as string, 'bread.txt'), 'utf8')).toBe('good\n');
    await model.close();
  });

  test.each(unaware)(
    '%s goes round in circles, is stopped and told so, and answers',
    { timeout: 300_000 },
    async (name) => {
      const model = await startModel(scenario);
      await using world = await realForge(model.url, { [name]: agents[name] });
      const run = (await dispatchTo(world, name, 'You will go round')).id;
      const shown = await reaches(world, run, 'has answered', (now) => typesOf(now).includes('agent.answered'));
      expect(shown.events.filter(({ type }) => type === 'run.stuck').map(({ payload }) => payload)).toEqual([
        expect.objectContaining({ step: 'nudge', reason: expect.stringMatching(/ls oven.* times in a row/) }),
      ]);
      expect(shown.status).toBe('working');
      // It did not go its whole round, and heard what was said to it once.
      const told = model.requests.filter(({ side, prompt }) => !side && prompt.includes('say what you need'));
      expect(told).toHaveLength(1);
      expect(model.requests.filter(({ prompt }) => prompt.includes('go round')).length).toBeLessThan(30);
      await model.close();
    },
  );

  test('gemini finds its own circles, and that it asks then is shown', { timeout: 300_000 }, async () => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { gemini: unasked.gemini });
    await dispatchTo(world, 'gemini', 'You will go round');
    let seen: { state: string; reason: string }[] = [];
    const look = async () => {
      seen = await world.json('session', 'list');
      return seen.some(({ state, reason }) => state === 'waiting' && reason.includes('in circles'));
    };
    await until('it waits', look, { timeoutMs: 120_000, everyMs: 300, shown: () => JSON.stringify(seen) });
    await model.close();
  });
});

const typesOf = ({ events }: ToldRun) => events.map(({ type }) => type);
