import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { Tokens } from '../../src/domain/tokens.ts';
import type { LaunchRequest } from '../../src/ports/agent.ts';
import { FollowedAgent, sumTokens } from '../support/followed-agent.ts';
import { hasRealAgents, type MockModel, RealAgentWorld, startModel } from '../support/real-agents.ts';

// The real Gemini CLI and opencode against a scripted model on loopback.
const names = ['gemini', 'opencode'];

const usage = (input: number, output: number, cacheRead = 0) => ({ input, output, cacheRead });
const shell = { do: 'shell', command: 'env > environment.txt' };
const prompts: { match: string; turns: { usage?: Omit<Tokens, 'cacheWrite'>; [key: string]: unknown }[] }[] = [
  // Of a prompt that was not answered the next one is a part.
  { match: 'started anew', turns: [{ text: 'Going on.', usage: usage(30, 3) }] },
  {
    match: 'use the shell',
    turns: [
      { text: 'Running.', actions: [shell], usage: usage(1000, 50, 300) },
      { text: 'It ran.', usage: usage(1100, 20, 900) },
    ],
  },
  { match: 'be refused', turns: [{ fault: { status: 400, message: 'bad thing' } }] },
  { match: 'hold on', turns: [{ text: 'Holding this answer back for a while.', gate: 'held', usage: usage(9, 9) }] },
  // Long enough to be seen at work.
  { match: 'talk', turns: [{ text: 'Scripted answer.', delayMs: 500, usage: usage(2000, 100, 500) }] },
];
/** Nothing is said of trust. */
const settingsOfKey = { security: { auth: { selectedType: 'gemini-api-key' } }, model: { name: 'gemini-2.5-pro' } };
const scenario = { prompts, side: { text: 'A title', usage: usage(0, 0) } };

let mock: MockModel;
let world: RealAgentWorld;

describe.skipIf(!hasRealAgents)('the real Gemini CLI and opencode', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    mock = await startModel(scenario);
  });
  afterAll(() => mock?.close());

  beforeEach(async () => {
    world = await RealAgentWorld.make(mock, join(tmpdir(), 'forge-real-'));
    await world.prepare({ isTrusted: true });
    mock.requests.length = 0;
  });
  afterEach(() => world[Symbol.asyncDispose]());

  test.each(names)('%s is found with its version', async (name) => {
    const { definition, environment } = await request(name, 'fg-1');
    const found = await findAdapter(name)!.find(definition, environment, world.repository);
    expect(found).toMatchObject({ isFound: true, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  test.each(names)('%s: prompt, permission, failure, interruption, end, resume; tokens as charged', async (name) => {
    const first = await request(name, 'fg-1', '-use the shell "now" $HOME\nand 表');
    await using agent = await FollowedAgent.start(first);
    await agent.untilState('waiting', /asks for permission/);
    agent.program.type('\r');
    await agent.untilState('done');
    expect(agent.program.screen()).toContain('It ran.');
    expect(agent.prompts).toEqual([first.prompt]);
    const seen = await readFile(join(first.worktree, 'environment.txt'), 'utf8');
    expect(seen).not.toMatch(/^FORGE_RECORD=/m);

    await agent.say('you will be refused');
    await agent.untilState('failed', /bad thing/);

    await agent.say('hold on please');
    await agent.untilState('busy');
    await agent.until('the model is asked', () => mock.requests.some(({ prompt }) => /hold on/.test(prompt)));
    agent.program.type(findAdapter(name)!.interruptKeys as string);
    await agent.untilState('idle');
    mock.release('held');

    await agent.say('talk to me');
    await agent.until('it answers', () => agent.program.screen().includes('Scripted answer.'));
    await agent.untilState('done');
    await agent.until('its tokens are told', () => agent.usage.length === 3);
    expect(agent.prompts.slice(1)).toEqual(['you will be refused', 'hold on please', 'talk to me']);
    expect(sumTokens(agent.usage)).toEqual(charged());
    const { conversation } = agent;
    expect(conversation).not.toBeNull();

    agent.program.type('\x03');
    if (name === 'gemini') agent.program.type('\x03');
    await agent.untilState('exited');
    await agent.until('its end is seen', () => agent.states.at(-1) === 'exited');
    expect(storyOf(agent.states)).toEqual(statesOfTheStory);

    const again = { ...(await request(name, 'fg-1', 'talk more')), session: 'r1.2', resume: conversation };
    const held = { ...again, startedAt: Date.now(), conversation };
    expect(await findAdapter(name)!.holdsConversation!(held)).toBe(true);
    expect(await findAdapter(name)!.holdsConversation!({ ...held, conversation: 'ses_0' })).toBe(false);
    // Those of the first session; the file of a conversation that goes on may be the same.
    const before = agent.usage;
    const keys = new Set(before.map(({ key }) => key));
    await using resumed = await FollowedAgent.start(again);
    await resumed.until('the prompt is taken', () => resumed.prompts.includes('talk more'));
    await resumed.untilState('done');
    // Its events may be sooner than its screen.
    await resumed.until('the conversation is shown', () => resumed.program.screen().includes('talk to me'));
    await resumed.until('its tokens are told', () => resumed.usage.some(({ key }) => !keys.has(key)));
    const entries = new Map([...before, ...resumed.usage].map((entry) => [entry.key, entry]));
    expect(sumTokens([...entries.values()])).toEqual(charged());
    if (name === 'opencode') {
      const { input, output, cacheRead } = charged();
      const usd = [...entries.values()].reduce((sum, entry) => sum + (entry.usd ?? Number.NaN), 0);
      expect(usd).toBeCloseTo((input * 3 + output * 15 + cacheRead * 0.3) / 1e6, 9);
    }
  });

  test.each(names)('%s: four at once are told apart', async (name) => {
    // opencode's very first start fetches a package into its folder of settings, and holds every other start back for it.
    await using first = await FollowedAgent.start({ ...(await request(name, 'fg-0', 'talk')), session: 'r0.1' });
    await first.until('it has been started once', () => first.usage.length > 0);
    const tasks = ['fg-1', 'fg-2', 'fg-3', 'fg-4'];
    const requests: LaunchRequest[] = [];
    for (const task of tasks) requests.push(await request(name, task, `talk about ${task}`));
    const agents = await Promise.all(requests.map((each) => FollowedAgent.start(each)));
    await using held = new AsyncDisposableStack();
    for (const agent of agents) held.use(agent);
    for (const [index, agent] of agents.entries()) {
      await agent.until('its tokens are told', () => agent.usage.length > 0);
      await agent.untilState('done');
      expect(agent.prompts).toEqual([`talk about ${tasks[index]}`]);
      expect(sumTokens(agent.usage)).toEqual({ input: 2000, output: 100, cacheRead: 500, cacheWrite: 0 });
    }
    expect(new Set(agents.map(({ conversation }) => conversation)).size).toBe(4);
  });

  const asked = [
    { says: 'trust', settings: {}, reason: 'asks to trust this folder', evidence: 'screen: trust dialog' },
    {
      says: 'a login',
      settings: { security: { folderTrust: { enabled: false } } },
      reason: 'asks for a login',
      evidence: 'screen: login',
    },
  ];
  test.each(asked.flatMap((dialog) => [110, 40].map((cols) => ({ ...dialog, cols }))))(
    'Gemini CLI asks for $says, in $cols columns',
    async ({ settings, reason, evidence, cols }) => {
      await writeFile(join(world.home, '.gemini', 'settings.json'), JSON.stringify(settings));
      await using agent = await FollowedAgent.start(await request('gemini', 'fg-1', 'talk'), cols);
      await agent.untilState('waiting');
      expect(agent.status()).toMatchObject({ state: 'waiting', reason, evidence });
      expect(agent.states).not.toContain('idle');
    },
  );

  test.each(names)('%s asks for permission in a pane that becomes narrow', async (name) => {
    await using agent = await FollowedAgent.start(await request(name, 'fg-1', 'use the shell'));
    await agent.untilState('waiting', /asks for permission/);
    agent.program.resize(40, 20);
    await agent.until('it is drawn anew', () => agent.program.rows().some((row) => /Allow once/.test(row)));
    await agent.untilState('waiting', /asks for permission/);
    agent.program.type('\r');
    await agent.untilState('done');
    expect(agent.states.filter((state) => state === 'waiting')).toHaveLength(1);
  });

  test('Gemini CLI that answers its first prompt behind its question for trust still waits for a person', async () => {
    await writeFile(join(world.home, '.gemini', 'settings.json'), JSON.stringify(settingsOfKey));
    await using agent = await FollowedAgent.start(await request('gemini', 'fg-1', 'talk'));
    const isAnswered = () => agent.reports.some((report) => report.type === 'turn' && report.is === 'answered');
    await agent.until('it has answered', isAnswered);
    await agent.untilState('waiting', /trust/);
    expect(agent.states).not.toContain('done');
  });

  test('Gemini CLI without a key fails at its first prompt, and waits for a person who has one', async () => {
    const { environment, ...rest } = await request('gemini', 'fg-1', 'talk');
    const { GEMINI_API_KEY: _, ...keyless } = environment;
    await using agent = await FollowedAgent.start({ ...rest, environment: keyless });
    const hasFailed = () => agent.reports.some((report) => report.type === 'state' && report.state === 'failed');
    await agent.until('it has failed', hasFailed);
    await agent.untilState('waiting', /^asks for an API key$/);
  });

  test.each([
    { says: 'has answered', prompt: 'talk' },
    { says: 'is in the middle of its answer', prompt: 'hold on' },
  ])('Gemini CLI that is trusted when it $says starts itself anew and goes on', async ({ prompt }) => {
    await writeFile(join(world.home, '.gemini', 'settings.json'), JSON.stringify(settingsOfKey));
    await using agent = await FollowedAgent.start(await request('gemini', 'fg-1', prompt));
    await agent.until('the model is asked', () => mock.requests.some(({ prompt: asked }) => asked.includes(prompt)));
    if (prompt === 'talk') await agent.until('its tokens are told', () => agent.usage.length > 0);
    await agent.untilState('waiting', /trust/);
    agent.program.type('\r');
    await agent.until('it goes on', () => agent.program.screen().includes('Going on.'));
    mock.release('held');
    await agent.untilState('done');
    expect(agent.prompts).toEqual([prompt, expect.stringContaining('started anew')]);
    expect(agent.conversation).toBe(agent.launch.conversation);
    await agent.say('talk to me');
    await agent.until('it answers', () => agent.prompts.length === 3);
    await agent.untilState('done');
    expect(sumTokens(agent.usage)).toEqual(charged());
  });
});

const statesOfTheStory = [
  ...['busy', 'waiting', 'busy', 'done', 'busy', 'failed', 'busy', 'idle', 'busy', 'done', 'exited'],
];

/**
 * From the first work on. Records are a quarter of a second later than a title, so at a failure and at the end there may be
 * something else for that long.
 */
function storyOf(states: readonly string[]): string[] {
  const told = states.slice(states.indexOf('busy')).filter((state) => state !== 'unknown');
  return told.filter((state, index) => state !== 'idle' || told[index + 1] !== 'failed');
}

/** What the model has charged for: its own calls for titles are not asked about, since the programs do not tell them. */
function charged(): Tokens {
  const turns = mock.requests
    .filter(({ side, status, clientClosed }) => !side && status === 200 && !clientClosed)
    .map(({ prompt, step }) => prompts.find(({ match }) => prompt.includes(match))?.turns[step]);
  return sumTokens(turns.map((turn) => ({ tokens: { ...usage(0, 0), ...turn?.usage, cacheWrite: 0 } })));
}

async function request(name: string, task: string, prompt = ''): Promise<LaunchRequest> {
  return world.request(name, { worktree: await world.ensureWorktree(task), prompt, session: `r1.1-${task}` });
}
