import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { Tokens } from '../../src/domain/tokens.ts';
import type { FollowedSession } from '../../src/ports/agent.ts';
import { HeardReports } from '../support/heard-reports.ts';
import { hasRealAgents, type MockModel, RealAgentWorld, startModel } from '../support/real-agents.ts';
import type { TerminalProgram } from '../support/terminal-program.ts';
import { until } from '../support/until.ts';

// What the real programs record, read as Forge reads it, beside what a scripted model charged.

/** What each call costs, different for each: a call that is missed, doubled or mixed up shows in every sum. */
const costs: Record<string, { input: number; output: number; cacheRead: number; cacheWrite?: number }[]> = {
  'make hello one': [
    { input: 1_200, output: 80, cacheRead: 300 },
    { input: 1_400, output: 40, cacheRead: 900 },
  ],
  'just talk one': [{ input: 517, output: 11, cacheRead: 23 }],
  'once more one': [{ input: 613, output: 17, cacheRead: 29 }],
  'make hello two': [
    { input: 20_200, output: 8_000, cacheRead: 3_000 },
    { input: 20_400, output: 4_000, cacheRead: 9_000 },
  ],
  'just talk two': [{ input: 20_517, output: 1_100, cacheRead: 230 }],
  'once more two': [{ input: 20_613, output: 1_700, cacheRead: 290 }],
};
const summary = { input: 31, output: 7, cacheRead: 3 };

const scenario = {
  prompts: [
    // The newest prompt first: what went before is part of what is sent.
    ...Object.entries(costs)
      .reverse()
      .map(([prompt, [first, second]]) => ({
        match: prompt,
        turns: second
          ? [
              { text: 'Writing.', actions: [{ do: 'write', path: 'a.txt', content: 'a' }], usage: first },
              { text: 'Written.', usage: second },
            ]
          : [{ text: 'Scripted answer.', usage: first }],
      })),
    { match: '.', turns: [{ text: 'A summary.', usage: summary }] },
  ],
};

const permitted: Record<string, string[]> = {
  'claude-code': ['--permission-mode', 'acceptEdits'],
  codex: ['-a', 'never', '-s', 'danger-full-access'],
};

let mock: MockModel;

describe.skipIf(!hasRealAgents)('what the real programs record', () => {
  beforeAll(async () => {
    mock = await startModel(scenario);
  });
  afterAll(() => mock?.close());

  test.each(['claude-code', 'codex'])(
    'every prompt, answer and token of two %s at once, over an exit and a resume, is told once',
    async (name) => {
      await using world = await RealAgentWorld.make(mock);
      await world.prepare({ isTrusted: true });
      await Promise.all(['one', 'two'].map((which) => talk(name, world, which)));
    },
    120_000,
  );

  test('what Claude Code uses for a summary is told when it leaves, and the conversation after /clear is followed', async () => {
    await using world = await RealAgentWorld.make(mock);
    await world.prepare({ isTrusted: true });
    const worktree = await world.addWorktree('fg-1');
    const heard = new HeardReports();
    onTestFinished(() => heard.dispose());
    const { conversation } = await findAdapter('claude-code')!.launch(world.request('claude-code', { worktree }));
    heard.follow('claude-code', followed('claude-code', world, worktree, 'r1.1', conversation));
    const agent = await world.start('claude-code', { worktree, prompt: 'just talk one' });
    await until('the first answer', () => heard.answers === 1);
    expect(heard.conversation).toBe(conversation);
    const before = mock.requests.length;
    await say(agent, '/compact');
    await agent.untilScreen(/Compacted/);
    await say(agent, '/clear');
    await agent.untilScreen((screen) => !screen.includes('Compacted'));
    await say(agent, 'just talk two');
    await until('the second answer', () => heard.answers === 2);
    const calls = mock.requests.length - before - 1;
    expect(calls).toBeGreaterThan(0);
    const summaries = Array.from({ length: calls }, () => summary);
    const expected = total([...costs['just talk one'], ...costs['just talk two'], ...summaries]);
    await until('all tokens are told', () => heard.tokens.input === expected.input, {
      shown: () => JSON.stringify(heard.tokens),
    });
    expect(heard.tokens).toEqual(expected);
    expect(heard.prompts).toEqual(['just talk one', 'just talk two']);
    expect(heard.conversation).not.toBe(conversation);
    await agent[Symbol.asyncDispose]();
  }, 120_000);

  test.each(['claude-code', 'codex'])(
    '%s goes on with a conversation that it has, and says so of others',
    async (name) => {
      await using world = await RealAgentWorld.make(mock);
      await world.prepare({ isTrusted: true });
      const worktree = await world.addWorktree('fg-1');
      const unknown = '99999999-2222-5333-8444-555555555555';
      const session = followed(name, world, worktree, 'r1.1', unknown);
      expect(await findAdapter(name)!.holdsConversation!(session)).toBe(false);
      await using agent = await world.start(name, { worktree, resume: unknown });
      expect(await agent.untilEnd()).toBe(1);
      expect(agent.screen()).toMatch(/No (conversation|saved session) found with/);
    },
  );
});

/** Two prompts, an exit, a resume, one more prompt. */
async function talk(name: string, world: RealAgentWorld, which: string): Promise<void> {
  const worktree = await world.addWorktree(`fg-${which}`);
  const heard = new HeardReports();
  onTestFinished(() => heard.dispose());
  const extra = permitted[name];
  const begin = async (prompt: string, resume: string | null, session: string) => {
    const launch = await findAdapter(name)!.launch(world.request(name, { worktree, resume, session, extra }));
    heard.follow(name, followed(name, world, worktree, session, launch.conversation));
    return world.start(name, { worktree, prompt, resume, session, extra });
  };

  const first = await begin(`make hello ${which}`, null, `${which}.1`);
  await until('the first answer', () => heard.answers === 1, { shown: () => first.screen() });
  await say(first, `just talk ${which}`);
  await until('the second answer', () => heard.answers === 2, { shown: () => first.screen() });
  process.kill(first.pid, 'SIGHUP');
  await first.untilEnd();
  heard.dispose();

  const { conversation } = heard;
  expect(await findAdapter(name)!.holdsConversation!(followed(name, world, worktree, 'x', conversation))).toBe(true);
  await using second = await begin(`once more ${which}`, conversation, `${which}.2`);
  await until('the third answer', () => heard.answers === 3, { shown: () => second.screen() });
  expect(second.screen()).toContain(`just talk ${which}`);
  process.kill(second.pid, 'SIGHUP');
  await second.untilEnd();

  const prompts = [`make hello ${which}`, `just talk ${which}`, `once more ${which}`];
  const expected = total(prompts.flatMap((prompt) => costs[prompt]));
  await until('all tokens are told', () => heard.tokens.input === expected.input, {
    shown: () => JSON.stringify(heard.tokens),
  });
  expect(heard.tokens).toEqual(expected);
  expect(heard.prompts).toEqual(prompts);
  expect(heard.conversation).toBe(conversation);
  expect(callsFrom(worktree)).toHaveLength(4);
}

/** Answered calls of the programs in a worktree, without the title that Codex makes and records nowhere. */
function callsFrom(worktree: string) {
  const isOurs = (body: unknown) => JSON.stringify(body).includes(worktree);
  return mock.requests.filter(({ body, status, side }) => status === 200 && side === false && isOurs(body));
}

function total(calls: (typeof costs)[string]): Tokens {
  const sum = (field: keyof Tokens) => calls.reduce((all, call) => all + (call[field] ?? 0), 0);
  return { input: sum('input'), output: sum('output'), cacheRead: sum('cacheRead'), cacheWrite: sum('cacheWrite') };
}

async function say(agent: TerminalProgram, text: string): Promise<void> {
  agent.type(`\x1b[200~${text}\x1b[201~`);
  await agent.untilScreen((screen) => screen.includes(text));
  agent.type('\r');
}

function followed(
  name: string,
  world: RealAgentWorld,
  worktree: string,
  session: string,
  conversation: string | null,
): FollowedSession {
  const { definition, environment, repository, recordsDirectory } = world.request(name, { worktree, session });
  const place = { repository, worktree, recordsDirectory };
  return { definition, environment, ...place, session, startedAt: Date.now(), conversation };
}
