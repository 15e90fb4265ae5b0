import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { UsageEntry } from '../../src/domain/usage.ts';
import type { LaunchRequest } from '../../src/ports/agent.ts';
import { FollowedAgent, sumTokens } from '../support/followed-agent.ts';
import { HeadlessWorld, headlessAgents } from '../support/headless-world.ts';
import { PromptWorld } from '../support/prompt-world.ts';
import { seededRandom } from '../support/random.ts';
import { hasRealAgents } from '../support/real-agents.ts';

// The real programs without their screens, two of each at once, against a scripted model on loopback.
const promptCount = Number(process.env.FORGE_REAL_PROMPTS ?? 6);

let world: HeadlessWorld;
let agents: FollowedAgent[];

describe.skipIf(!hasRealAgents)('the real programs without their screens', { timeout: 300_000 }, () => {
  beforeEach(async () => {
    world = await HeadlessWorld.make();
    agents = [];
  });
  afterEach(() => world?.[Symbol.asyncDispose]());

  test.each(headlessAgents)(
    '$name, two at once: work, a question, an interruption, a failure, a resume; tokens as charged',
    async (agent) => {
      // opencode's very first start fetches a package and holds every other start back for it.
      await using first = new AsyncDisposableStack();
      const once = await start(await world.request(agent, 'fg-0', { prompt: 'talk' }), first);
      await told(once, 'done');
      await leave(once);
      agents = [];
      world.model.requests.length = 0;
      await using held = new AsyncDisposableStack();
      await Promise.all(['fg-1', 'fg-2'].map((task) => wholeStory(agent, task, held)));
      await expect.poll(() => sumTokens(used()), { timeout: 10_000 }).toEqual(world.charged());
    },
  );

  test.each(headlessAgents)('$name: prompts of Forge at random moments, none lost, none doubled', async (agent) => {
    const request = await world.request(agent, 'fg-1', {});
    const launch = await findAdapter(agent.name)!.launch(request);
    await using prompts = await PromptWorld.open();
    await prompts.start('s', { ...launch, cwd: request.worktree, agent: agent.name });
    const random = seededRandom(agent.name.length);
    const tags = Array.from({ length: promptCount }, (_, at) => `prompt-${at}.`);
    const ids: number[] = [];
    for (const tag of tags) {
      ids.push(await prompts.send('s', `talk about ${tag} 漢字 🙂\n${'and more\n'.repeat(random() * 40)}about ${tag}`));
      if (random() < 0.6) await pause(random() * 1_500);
    }
    for (const id of ids) await prompts.reaches(id, 'answered');
    const asked = world.model.requests.flatMap(({ side, prompt }) => (side ? [] : [/prompt-\d+\./.exec(prompt)?.[0]]));
    expect(asked).toEqual(tags);
  });
});

type Agent = (typeof headlessAgents)[number];

/** What was told of tokens by all of them, each call once. */
function used(): UsageEntry[] {
  const entries = agents.flatMap(({ usage }) => usage);
  return [...new Map(entries.map((entry) => [`${entry.key} ${entry.model}`, entry])).values()];
}

async function start(request: LaunchRequest, held: AsyncDisposableStack): Promise<FollowedAgent> {
  const agent = held.use(await FollowedAgent.start(request));
  agents.push(agent);
  await agent.until('it is at work', () => agent.program.statuses.length > 1);
  return agent;
}

/** Waits for what the program says of itself now. */
function told(agent: FollowedAgent, state: string): Promise<void> {
  return agent.until(`it says ${state}`, () => agent.program.statuses.at(-1)?.startsWith(`state=${state}:`) ?? false);
}

async function wholeStory(agent: Agent, task: string, held: AsyncDisposableStack): Promise<void> {
  const canAsk = /claude|codex/.test(agent.name);
  const first = await start(await world.request(agent, task, { prompt: `use the shell for ${task}` }), held);
  if (canAsk) {
    await told(first, 'blocked');
    first.program.type('y');
  }
  await told(first, 'done');
  expect(first.program.screen()).toContain('It ran.');
  await say(first, `hold on ${task}`);
  await first.until('the model is asked', () =>
    world.model.requests.some(({ prompt }) => prompt.includes(`hold on ${task}`)),
  );
  first.program.type('\x1b');
  await told(first, 'idle');
  if (canAsk) {
    await say(first, `use the shell again for ${task}`);
    await told(first, 'blocked');
    first.program.type('\x1b');
    await told(first, 'idle');
  }
  await say(first, `you will be refused ${task}`);
  await told(first, 'error');
  await say(first, `talk to ${task}`);
  await told(first, 'done');
  expect(first.program.screen()).toContain('In two lines, 表 and 🙂.');
  const { conversation } = first;
  await leave(first);

  const request = await world.request(agent, task, { prompt: 'talk more', resume: conversation, session: `${task}.2` });
  const followed = { ...request, startedAt: Date.now(), conversation };
  expect(await findAdapter(agent.name)!.holdsConversation!(followed)).toBe(true);
  const second = await start(request, held);
  await told(second, 'done');
  await leave(second);
  await second.until('its prompt is told', () => second.prompts.join() === 'talk more');
}

async function say(agent: FollowedAgent, prompt: string): Promise<void> {
  const before = agent.program.statuses.length;
  agent.program.type(`\x1b[200~${prompt}\x1b[201~\r`);
  const isTaken = () => agent.program.statuses.slice(before).some((status) => status.startsWith('state=working'));
  await agent.until('it is at work', isTaken);
}

async function leave(agent: FollowedAgent): Promise<void> {
  agent.program.type('\x04');
  expect(await agent.program.untilEnd()).toBe(0);
}
