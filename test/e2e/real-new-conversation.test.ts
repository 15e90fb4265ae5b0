import { describe, expect, test } from 'vitest';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { type RealAgent, realForge, unasked } from '../support/real-forge.ts';
import { RealRun, toldIn } from '../support/real-run.ts';

// A person, or a prompt, begins another conversation in a real program, or has it made shorter: that is the one that Forge goes on with.

const scenario = {
  prompts: [
    { match: 'You were interrupted', turns: [{ text: 'Going on.' }] },
    { match: 'prompt-', turns: [{ text: 'An answer.' }] },
    { match: 'that you are there', turns: [{ text: 'A first answer.' }] },
    { match: '.', turns: [{ text: '<summary>What was said.</summary>' }] },
  ],
  side: { text: 'Title' },
};

const rows: [RealAgent, string, boolean][] = [
  ['claude', '/clear', true],
  ['claude', '/compact', false],
  ['gemini', '/clear', true],
  ['codex', '/new', true],
  ['opencode', '/new', true],
];

describe.skipIf(!hasRealAgents)('another conversation', () => {
  test.each(rows)(
    '%s %s: what is said afterwards is answered, and gone on with',
    { timeout: 300_000 },
    async (...row) => {
      const [agent, command, isAnother] = row;
      const model = await startModel(scenario);
      await using world = await realForge(model.url, { [agent]: unasked[agent] });
      const run = await RealRun.begin(world, agent, 'Say that you are there');
      await run.untilScreen('A first answer.');
      await run.until('its conversation to be known', async () => (await run.show()).conversation !== null);
      const { conversation: first } = await run.show();
      await run.send(command);
      if (agent === 'codex') {
        // It asks where the conversation should be; the first answer is: here.
        expect(await run.untilState('waiting')).toMatchObject({ reason: 'has a menu open' });
        await run.press('\r');
      }
      await run.until('the command to be done', async () => (await run.states()) === 'answered');
      await run.send('This is prompt-one');
      await run.until('it to be answered', async () => (await run.states()) === 'answered,answered');
      await run.untilScreen('An answer.');
      const { conversation } = await run.until('its conversation', async () => {
        const shown = await run.show();
        return (shown.conversation !== first) === isAnother && shown;
      });

      await world.killAll();
      await run.until('its run to be paused', async () => (await run.show()).status === 'paused');
      await world.json('resume', run.id);
      await run.untilScreen('Going on.');
      expect((await run.show()).conversation).toBe(conversation);
      expect(toldIn(model.requests, /prompt-one|You were interrupted/g)).toEqual([
        'prompt-one',
        'You were interrupted',
      ]);
      expect(JSON.stringify(model.requests.findLast(({ side }) => !side)?.body)).not.toContain('A first answer.');
      await model.close();
    },
  );
});
