import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { type Definition, realForge, unasked } from '../support/real-forge.ts';
import { RealRun } from '../support/real-run.ts';

// A plan that is used up: with `goOn: false` the agents wait, also when its time is over, until a person says something.

/** As somebody with a plan has it who wants to be asked: by itself Claude Code would go on when the time is over. */
const claude: Definition = {
  ...unasked.claude,
  command: [...unasked.claude.command, '--settings', '{"autoContinueAtUsageLimit":false}'],
  env: { ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-mock' },
};
const agents: Record<string, Definition> = {
  claude,
  codex: unasked.codex,
  'claude-headless': { ...claude, adapter: 'claude-code-headless' },
  'codex-headless': { ...unasked.codex, adapter: 'codex-headless' },
};

/** Until then all four have been started and refused, in ms. */
const limitMs = 60_000;
/** So long after its time Forge would have told the first to go on, and the others soon after, in ms. */
const goneOnMs = 50_000;

/** What both providers say of a plan that is used up; in seconds since the epoch. */
function usedUp(resetsAt: number): object {
  const headers = {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': `${resetsAt}`,
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'x-codex-primary-used-percent': '100',
    'x-codex-primary-window-minutes': '300',
    'x-codex-primary-reset-at': `${resetsAt}`,
    'x-should-retry': 'false',
  };
  return { status: 429, type: 'usage_limit_reached', message: 'too much', headers };
}

const inSeconds = (ms: number) => Math.floor((Date.now() + ms) / 1_000);

describe.skipIf(!hasRealAgents)('limits of real agents that are not to go on by themselves', () => {
  test('they are limited until a time, and go on when a person says so', { timeout: 400_000 }, async () => {
    const resetsAt = inSeconds(limitMs);
    const prompts = [
      { match: 'go on', turns: [{ text: 'Going on.' }] },
      { match: '.', turns: [{ fault: usedUp(resetsAt) }] },
    ];
    const model = await startModel({ prompts, side: { text: 'Title' } });
    await using world = await realForge(model.url, agents, { limits: { goOn: false } });
    const runs: RealRun[] = [];
    for (const name of Object.keys(agents)) runs.push(await RealRun.begin(world, name, 'You will be limited'));
    for (const run of runs) expect(await run.untilState('limited')).toMatchObject({ until: resetsAt * 1_000 });
    const asked = model.requests.length;
    for (const run of runs)
      await run.until('its time to be over', async () => (await run.session())?.state !== 'limited');
    await pause(goneOnMs);
    expect(model.requests).toHaveLength(asked);
    for (const run of runs) expect(await run.show()).toMatchObject({ status: 'working' });
    for (const run of runs) {
      // What Claude Code asks meanwhile; its first answer is to wait.
      if ((await run.session())?.state === 'waiting') await run.press('\r');
      await run.send('Please go on');
      await run.until('it to be answered', async () => (await run.states()) === 'answered');
      await run.untilScreen('Going on.');
    }
    await model.close();
  });

  test.each(['claude', 'codex'] as const)(
    '%s: behind a permission; a prompt that waits is typed when it is over',
    { timeout: 300_000 },
    async (agent) => {
      const resetsAt = inSeconds(limitMs);
      const shell = { do: 'shell', command: 'touch made-by-the-agent', justification: 'to try it' };
      const prompts = [
        { match: 'prompt-one', turns: [{ text: 'Going on.' }] },
        { match: '.', turns: [{ text: 'Running it.', actions: [shell] }, { fault: usedUp(resetsAt) }] },
      ];
      const model = await startModel({ prompts, side: { text: 'Title' } });
      const asking = {
        claude: { ...claude, command: ['claude', '--permission-mode', 'manual'] },
        codex: { adapter: 'codex', command: ['codex', '-a', 'on-request', '-s', 'workspace-write'] },
      };
      await using world = await realForge(model.url, { [agent]: asking[agent] }, { limits: { goOn: false } });
      const run = await RealRun.begin(world, agent, 'This asks');
      await run.untilState('waiting');
      await run.send('prompt-one');
      await run.press('\r');
      expect(await run.untilState('limited')).toMatchObject({ until: resetsAt * 1_000 });
      expect(await run.states()).toBe('queued');
      const { typedAt } = await run.until('it to be answered', async () => {
        const [message] = await run.messages();
        return message?.state === 'answered' && message;
      });
      expect(typedAt).toBeGreaterThanOrEqual(resetsAt * 1_000);
      await model.close();
    },
  );
});

describe.skipIf(!hasRealAgents)('limits of opencode, which waits for as long as its provider says', () => {
  test.each(['opencode', 'opencode-headless'])('%s is limited until then', { timeout: 180_000 }, async (adapter) => {
    const fault = { status: 429, message: 'Too many requests', headers: { 'retry-after': '20' }, times: 1 };
    const model = await startModel({
      prompts: [{ match: '.', turns: [{ fault, text: 'Finished.' }] }],
      side: { text: 'Title' },
    });
    await using world = await realForge(model.url, { opencode: { ...unasked.opencode, adapter } });
    const run = await RealRun.begin(world, 'opencode', 'You will be limited');
    const { until } = await run.untilState('limited');
    expect((until as number) - Date.now()).toBeLessThanOrEqual(20_000);
    await run.untilScreen('Finished.');
    await run.until('it to be at rest', async () => ['done', 'idle'].includes((await run.session())?.state ?? ''));
    await model.close();
  });
});

/** Gemini CLI asks at a limit of more than five minutes, or of a day, and tries again by itself at others. */
const geminiWaitMs = 310_000;

describe.skipIf(!hasRealAgents)('limits of the real Gemini CLI, which asks whether to keep trying', () => {
  const play = (message: string) => {
    const limited = [{ text: 'Begun.', actions: [{ do: 'shell', command: 'true' }] }];
    const fault = { fault: { status: 429, message, times: 1 }, text: 'Finished.' };
    const prompts = [
      { match: 'prompt-one', turns: [{ text: 'Going on.' }] },
      { match: '.', turns: [...limited, fault] },
    ];
    return startModel({ prompts, side: { text: 'Title' } });
  };

  test('no time is told: nothing is typed, and a prompt waits until a person has answered', {
    timeout: 300_000,
  }, async () => {
    const model = await play('too much, limit: 0');
    await using world = await realForge(model.url, { gemini: unasked.gemini });
    const run = await RealRun.begin(world, 'gemini', 'You will be limited');
    expect(await run.untilState('limited')).toMatchObject({ until: null, reason: 'asks whether to keep trying' });
    await run.send('prompt-one');
    const asked = model.requests.length;
    await pause(goneOnMs / 2);
    expect(await run.session()).toMatchObject({ state: 'limited' });
    expect([model.requests.length, await run.states()]).toEqual([asked, 'queued']);
    await run.press('1');
    await run.untilScreen('Finished.');
    await run.until('it to be answered', async () => (await run.states()) === 'answered');
    await model.close();
  });

  test('a time is told: it is let try again then, and a prompt that waits is typed after that', {
    timeout: 600_000,
  }, async () => {
    const model = await play(`too much. Please retry in ${geminiWaitMs / 1_000}s`);
    await using world = await realForge(model.url, { gemini: unasked.gemini });
    const run = await RealRun.begin(world, 'gemini', 'You will be limited');
    const { until } = await run.untilState('limited');
    const askedAt = Date.now();
    expect(until).toBeGreaterThan(askedAt + geminiWaitMs - 120_000);
    expect(until).toBeLessThanOrEqual(askedAt + geminiWaitMs);
    await run.send('prompt-one');
    await pause((until as number) - Date.now());
    expect([model.requests.at(-1)?.status, await run.states()]).toEqual([429, 'queued']);
    await run.untilScreen('Finished.');
    await run.until('it to be answered', async () => (await run.states()) === 'answered');
    await run.untilScreen('Going on.');
    await model.close();
  });
});
