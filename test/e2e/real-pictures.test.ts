import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { describe, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { realAgents, realForge, unasked } from '../support/real-forge.ts';
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

describe.skipIf(!hasRealAgents)('pictures for real programs', () => {
  test.each(realAgents)('%s asks the model with the picture', { timeout: 180_000 }, async (agent) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [agent]: unasked[agent] });
    const task = await world.json<{ id: string }>('task', 'add', 'Say that you are there');
    const [run] = (await world.json<{ runs: Run[] }>('dispatch', task.id, agent)).runs as [Run];
    const shown = await until(
      'its worktree',
      async () => {
        const now = await world.json<Run>('run', 'show', run.id);
        return now.worktree !== null && now;
      },
      { timeoutMs: 60_000 },
    );
    const file = join(shown.worktree as string, 'my shot.png');
    writeFileSync(file, png());
    await world.json('session', 'send', run.session, 'What is in it?', '--file', file);
    let screen = '';
    const bodies = () => model.requests.map(({ body }) => JSON.stringify(body));
    await until(
      'the model to be asked with it',
      async () => {
        screen = (await world.forge('session', 'screen', run.session)).stdout;
        return bodies().some((body) => body.includes('What is in it?') && picture[agent].test(body));
      },
      { timeoutMs: 120_000, everyMs: 500, shown: () => `${screen}\n${bodies().at(-1)?.slice(-800)}` },
    );
    const sent = () => world.json<{ state: string }[]>('session', 'messages', run.session);
    await until(
      'it to be answered',
      async () => {
        screen = JSON.stringify(await sent(), null, 2);
        return (await sent()).every(({ state }) => state === 'answered');
      },
      { timeoutMs: 60_000, shown: () => screen },
    );
    await model.close();
  });
});

/** Eight by eight black dots. */
function png(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(8, 0);
  header.writeUInt32BE(8, 4);
  header.set([8, 2], 8);
  const dots = deflateSync(Buffer.alloc(8 * (1 + 8 * 3)));
  const chunks = [chunk('IHDR', header), chunk('IDAT', dots), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
