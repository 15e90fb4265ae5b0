import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hasRealAgents, startModel } from '../support/real-agents.ts';
import { askForPermissions, type Definition, type RealAgent, realAgents, realForge } from '../support/real-forge.ts';
import { RealRun, toldIn } from '../support/real-run.ts';

// Prompts that wait for a person at the pane of a real program: behind a question, a menu, or what somebody has begun to type.

const shell = { do: 'shell', command: 'touch made-by-the-agent', justification: 'to try it' };
const scenario = {
  prompts: [
    { match: 'asks', turns: [{ text: 'Running it.', actions: [shell] }, { text: 'It ran.' }] },
    { match: '.', turns: [{ text: 'A quick answer.' }] },
  ],
  side: { text: 'Title' },
};

const asking: Record<RealAgent, Definition> = {
  claude: { adapter: 'claude-code', command: ['claude', '--permission-mode', 'manual'] },
  codex: { adapter: 'codex', command: ['codex', '-a', 'on-request', '-s', 'workspace-write'] },
  gemini: { adapter: 'gemini', command: ['gemini'] },
  opencode: { adapter: 'opencode', command: ['opencode'] },
};

/** How long it is watched that nothing is typed, in ms. */
const watchedMs = 4_000;
const ctrlU = '\x15';

describe.skipIf(!hasRealAgents)('prompts that wait for a person', () => {
  test.each(realAgents)('%s: two behind a question, then one behind a draft', { timeout: 300_000 }, async (agent) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [agent]: asking[agent] });
    if (agent === 'opencode') askForPermissions(world);
    const run = await RealRun.begin(world, agent, 'This asks');
    await run.untilState('waiting');
    await run.send('prompt-one');
    await run.send('prompt-two');
    await pause(watchedMs);
    expect(await run.states()).toBe('queued,queued');
    await run.press('\r');
    await run.until('both to be answered', async () => (await run.states()) === 'answered,answered');
    expect(toldIn(model.requests, /This asks|prompt-\w+/g)).toEqual(['This asks', 'prompt-one', 'prompt-two']);

    await run.press('a draft');
    await run.untilScreen('a draft');
    await run.send('prompt-three');
    await pause(watchedMs);
    expect((await run.messages()).at(-1)).toMatchObject({ state: 'queued' });
    await run.press(ctrlU);
    await run.until('the third to be answered', async () => (await run.states()) === 'answered,answered,answered');

    await run.press('another draft');
    await run.untilScreen('another draft');
    await run.send('prompt-four');
    await run.press('\r');
    await run.until('the fourth to be answered', async () => (await run.states()).endsWith('answered,answered'));
    expect(toldIn(model.requests, /(?:another |a )draft|prompt-\w+/g)).toEqual([
      ...['prompt-one', 'prompt-two', 'prompt-three', 'another draft', 'prompt-four'],
    ]);
    await model.close();
  });

  test.each([
    { agent: 'claude', menus: ['/model'] },
    { agent: 'codex', menus: ['/model'] },
    { agent: 'gemini', menus: ['/model', '/theme', '/settings', '/resume', '/editor', '/hooks', '/rewind', '/footer'] },
    { agent: 'opencode', menus: ['/models', '/sessions', '/help', '/themes', '/agents', '/status', '/timeline'] },
  ] as const)('$agent: one behind a menu', { timeout: 400_000 }, async ({ agent, menus }) => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { [agent]: asking[agent] });
    const run = await RealRun.begin(world, agent, 'Say that you are there');
    await run.untilScreen('A quick answer.');
    for (const menu of menus) {
      await run.untilState('done');
      await run.press(menu);
      await run.untilScreen(menu);
      await run.press('\r');
      expect(await run.untilState('waiting'), menu).toMatchObject({ reason: 'has a menu open' });
      if (menu === menus[0]) {
        await run.send('prompt-one');
        await pause(watchedMs);
        expect(await run.states()).toBe('queued');
      }
      await run.press('\x1b');
      await run.until('it to be answered', async () => (await run.states()) === 'answered');
    }
    expect(toldIn(model.requests, /prompt-\w+/g)).toEqual(['prompt-one']);
    await model.close();
  });
});
