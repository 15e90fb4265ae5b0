import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { treeOf } from '../support/process-tree.ts';
import { hasRealAgents, type ModelRequest, startModel } from '../support/real-agents.ts';
import { type RealAgent, realAgents, realForge, unasked } from '../support/real-forge.ts';
import { until } from '../support/until.ts';

// A real program is killed in the middle of a prompt: its run can go on with exactly that conversation, and each prompt is in it once.

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

describe.skipIf(!hasRealAgents)('a real program that is killed in the middle of a prompt', () => {
  test.each(realAgents)('%s goes on with its conversation', { timeout: 300_000 }, async (agent) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [agent]: unasked[agent] });
    const { id: task } = await world.json<{ id: string }>('task', 'add', 'Say that you are there');
    const { runs } = await world.json<{ runs: [Run] }>('dispatch', task, agent);
    const { id, session } = runs[0];
    const run = () => world.json<Run>('run', 'show', id);
    const screen = async () => (await world.forge('session', 'screen', (await run()).session)).stdout;
    let shown = '';
    const sees = async (what: string, is: () => Promise<boolean>) => {
      const look = async () => {
        shown = `${JSON.stringify(await run())}\n${await screen()}`;
        return is();
      };
      await until(what, look, { timeoutMs: 150_000, everyMs: 300, shown: () => shown });
    };
    const states = async () => (await world.json<{ state: string }[]>('session', 'messages', id)).map((m) => m.state);

    await sees('its first answer', async () => (await screen()).includes('A quick answer.'));
    await world.json('session', 'send', session, 'This is prompt-one');
    await sees('the second answer to begin', async () => (await screen()).includes('slow word 3'));
    await world.json('session', 'send', session, 'This is prompt-two');
    const { conversation, worktree } = await run();
    const sessions = await world.json<{ id: string; pid: number }[]>('session', 'list');
    const leader = sessions.find((one) => one.id === session)?.pid as number;
    process.kill(treeOf(leader)[depth[agent]] as number, 'SIGKILL');

    await sees('the run to be paused', async () => (await run()).status === 'paused');
    expect((await run()).reason).toContain('Let it go on where it was');
    expect((await world.forge('resume')).stdout).toContain(id);
    await world.json('resume', id);
    await sees('both prompts to be answered', async () => (await states()).join() === 'answered,answered');
    expect(await run()).toMatchObject({ status: 'working', conversation, worktree });
    const prompts = promptsOf(model.requests.findLast(({ side }) => !side) as ModelRequest);
    expect(prompts.match(/prompt-(one|two)|You were interrupted/g)).toEqual([
      'prompt-one',
      'You were interrupted',
      'prompt-two',
    ]);
    await model.close();
  });
});

/** What a person or Forge said in the conversation that the model was sent. */
function promptsOf({ body }: ModelRequest): string {
  const { messages, input, contents } = body as Record<string, { role?: string }[] | undefined>;
  return JSON.stringify((messages ?? input ?? contents ?? []).filter(({ role }) => role === 'user'));
}
