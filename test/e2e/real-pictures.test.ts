import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { png } from '../support/png.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { realAgents, realForge, unasked } from '../support/real-forge.ts';
import { dispatchTo, reaches } from '../support/told-run.ts';
import { until } from '../support/until.ts';

// A picture that goes along with a prompt is in what the real programs ask the model. opencode takes it along too, and says so
// to a model that is not known to see pictures, as this one.

const scenario = { prompts: [{ match: '.', turns: [{ text: 'A quick answer.' }] }], side: { text: 'Title' } };
const picture = {
  claude: /image\/png/,
  codex: /data:image\/png/,
  gemini: /image\/png/,
  opencode: /support image input/,
};

/** With their screens, and without. */
const cases = realAgents.flatMap((agent) => {
  const { adapter } = unasked[agent];
  return [adapter, `${adapter}-headless`].map((name) => ({ agent, adapter: name }));
});

describe.skipIf(!hasRealAgents)('pictures for real programs', () => {
  test.each(cases)('$adapter asks the model with the picture', { timeout: 180_000 }, async ({ agent, adapter }) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [agent]: { ...unasked[agent], adapter } });
    const run = await dispatchTo(world, agent, 'Say that you are there');
    const { worktree } = await reaches(world, run.id, 'has a worktree', (told) => told.worktree !== null);
    const file = join(worktree as string, 'my shot.png');
    writeFileSync(file, png());
    await world.json('session', 'send', run.session, 'What is in it?', '--file', file);
    const bodies = () => model.requests.map(({ body }) => JSON.stringify(body));
    await until(
      'the model to be asked with it',
      () => bodies().some((body) => body.includes('What is in it?') && picture[agent].test(body)),
      {
        timeoutMs: 120_000,
        shown: async () => {
          const { stdout } = await world.forge('session', 'screen', run.session);
          return `${stdout}\n${bodies().at(-1)?.slice(-800)}`;
        },
      },
    );
    let sent: { state: string }[] = [];
    await until(
      'it to be answered',
      async () => {
        sent = await world.json('session', 'messages', run.session);
        return sent.every(({ state }) => state === 'answered');
      },
      { timeoutMs: 60_000, shown: () => JSON.stringify(sent, null, 2) },
    );
    await model.close();
  });
});
