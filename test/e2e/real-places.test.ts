import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRealAgents, type MockModel, startModel } from '../support/real-agents.ts';
import { type Definition, type RealAgent, realAgents, realForge, unasked } from '../support/real-forge.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// Forks and environments with the real programs, from the command line, beside what a scripted model charged.

/** Of the call that runs a command before each answer. */
const noting = { input: 70, output: 3, cacheRead: 0 };
const usage = {
  'the first way': { input: 1_200, output: 80, cacheRead: 300 },
  'the second way': { input: 517, output: 11, cacheRead: 23 },
  'You were interrupted': { input: 613, output: 17, cacheRead: 29 },
};
const scenario = {
  prompts: Object.entries(usage)
    .reverse()
    .map(([match, used]) => ({
      match,
      turns: [
        { text: 'Noting it.', actions: [{ do: 'shell', command: `echo '${match}' >> ways` }], usage: noting },
        { text: `Answer to ${match}.`, usage: used },
      ],
    })),
  side: { text: 'Title', usage: { input: 0, output: 0 } },
};

interface RunJson {
  id: string;
  task: string;
  status: string;
  worktree: string;
  branch: string;
  session: string;
  conversation: string | null;
  cost: { inputTokens: number; outputTokens: number; cacheReadTokens: number } | null;
  events: { type: string }[];
}

/** The same programs without their screens. */
const screenless: Record<string, Definition> = {
  'claude-headless': {
    adapter: 'claude-code-headless',
    command: unasked.claude.command,
  },
  'codex-headless': { adapter: 'codex-headless', command: ['codex', '-a', 'never', '-s', 'danger-full-access'] },
  'gemini-headless': { adapter: 'gemini-headless', command: ['gemini', '--yolo'] },
  'opencode-headless': { adapter: 'opencode-headless', command: ['opencode', '--auto'] },
};

let mock: MockModel;
let world: World;

describe.skipIf(!hasRealAgents)('places of the real programs', () => {
  beforeAll(async () => {
    mock = await startModel(scenario);
  });
  afterAll(() => mock?.close());
  afterEach(() => world?.dispose());

  test.each([...realAgents, ...Object.keys(screenless)])(
    'a fork of %s has its conversation and its worktree; each pays its own, also after a death and a resume',
    { timeout: 480_000 },
    async (agent) => {
      await prepare(agent);
      const { id } = await world.json<{ id: string }>('task', 'add', 'Do it the first way', '--agent', agent);
      await world.json('dispatch', id);
      const first = await answered(id, 1);
      writeFileSync(join(first.worktree, 'draft.txt'), 'not committed');

      const forked = await world.json<RunJson>('fork', id, '--prompt', 'Now do it the second way.');
      expect(forked.task).not.toBe(id);
      const second = await answered(forked.id, 1);
      expect(readFileSync(join(second.worktree, 'draft.txt'), 'utf8')).toBe('not committed');
      expect([second.worktree === first.worktree, second.branch === first.branch]).toEqual([false, false]);
      expect(second.conversation).not.toBe(first.conversation);
      const asked = mock.requests.filter(({ side, prompt }) => !side && prompt.includes('the second way'));
      expect(asked).toHaveLength(2);
      expect(readFileSync(join(first.worktree, 'ways'), 'utf8')).toBe('the first way\n');
      expect(readFileSync(join(second.worktree, 'ways'), 'utf8')).toBe('the first way\nthe second way\n');
      expect(JSON.stringify(asked[0].body)).toContain('Do it the first way');
      expect(JSON.stringify(asked[0].body)).toContain('draft.txt');
      await costs(forked.id, usage['the second way']);
      await costs(first.id, usage['the first way']);

      await world.killAll();
      await until('both are paused', async () =>
        (await world.json<RunJson[]>('runs')).every(({ status }) => status === 'paused'),
      );
      await world.json('resume', forked.id);
      expect((await answered(forked.id, 2)).conversation).toBe(second.conversation);
      await costs(forked.id, usage['the second way'], usage['You were interrupted']);
      await costs(first.id, usage['the first way']);
      for (const run of [forked.id, first.id]) {
        await world.json('approve', run);
        const isDone = async () => (await world.json<RunJson>('run', 'show', run)).status === 'done';
        await until('it is done', isDone, { timeoutMs: 60_000, everyMs: 500 });
      }
      await costs(forked.id, usage['the second way'], usage['You were interrupted']);
      expect((await world.json<{ status: string }>('task', 'show', forked.task)).status).toBe('closed');
    },
  );

  test('isolated workers have a Codex state of their own below the home of Forge, with one login; records and a resume find it', async () => {
    await prepare('codex', { isolate: true });
    const home = join(world.env.HOME, '.codex');
    writeFileSync(join(home, 'auth.json'), '{}', { mode: 0o600 });
    // Not trusted yet: what the person answers in the pane has to reach the one file of settings.
    const settings = readFileSync(join(home, 'config.toml'), 'utf8');
    writeFileSync(join(home, 'config.toml'), settings.replace(/\[projects[\s\S]*/, ''));
    const ids: string[] = [];
    for (const worker of ['a', 'b']) {
      const { id } = await world.json<{ id: string }>('task', 'add', 'Do it the first way');
      await world.json('dispatch', id, worker);
      ids.push(id);
    }
    const sessionOf = async (id: string) => (await world.json<RunJson>('run', 'show', id)).session;
    for (const id of ids) {
      await until('it asks or has answered', async () => {
        const { stdout } = await world.forge('session', 'screen', await sessionOf(id));
        return /trust|Answer to/i.test(stdout);
      });
    }
    await world.forge('session', 'send', await sessionOf(ids[0]), '--raw', '\\r');
    await world.forge('session', 'send', await sessionOf(ids[1]), '--raw', '\\r');
    const runs = [await answered(ids[0], 1), await answered(ids[1], 1)];
    const folders = ['a', 'b'].map((worker) => join(world.root, 'f/agents/shop', worker, 'codex'));
    for (const [index, folder] of folders.entries()) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(readdirSync(folder)).toContain('sessions');
      expect(readdirSync(join(folder, 'sessions'), { recursive: true }).join()).toContain(runs[index].conversation);
      expect(lstatSync(join(folder, 'auth.json')).isSymbolicLink()).toBe(true);
      expect(lstatSync(join(folder, 'config.toml')).isSymbolicLink()).toBe(true);
    }
    expect(existsSync(join(home, 'sessions'))).toBe(false);
    expect(readFileSync(join(home, 'config.toml'), 'utf8')).toContain('trust_level = "trusted"');
    await costs(ids[0], usage['the first way']);

    await world.killAll();
    await until('it is paused', async () => (await world.json<RunJson>('run', 'show', ids[0])).status === 'paused');
    await world.json('resume', ids[0]);
    const resumed = await answered(ids[0], 2);
    expect(resumed.conversation).toBe(runs[0].conversation);
    await costs(ids[0], usage['the first way'], usage['You were interrupted']);
    await forkInto(ids[0], ids[1], 'b');
  }, 180_000);

  test('isolated workers have a database of opencode each, with one login; a resume finds the conversation', async () => {
    await prepare('opencode', { isolate: true });
    const ids: string[] = [];
    for (const worker of ['a', 'b']) {
      const { id } = await world.json<{ id: string }>('task', 'add', 'Do it the first way');
      await world.json('dispatch', id, worker);
      await answered(id, 1);
      ids.push(id);
    }
    const shared = join(world.env.HOME, '.local/share/opencode');
    for (const worker of ['a', 'b'])
      expect(readdirSync(join(world.root, 'f/agents/shop', worker, 'opencode'))).toContain('opencode.db');
    expect(readdirSync(shared)).not.toContain('opencode.db');
    const before = (await world.json<RunJson>('run', 'show', ids[0])).conversation;

    await world.killAll();
    await until('it is paused', async () => (await world.json<RunJson>('run', 'show', ids[0])).status === 'paused');
    await world.json('resume', ids[0]);
    expect((await answered(ids[0], 2)).conversation).toBe(before);
    await costs(ids[0], usage['the first way'], usage['You were interrupted']);
    await forkInto(ids[0], ids[1], 'b');
  }, 600_000);

  /** A fork of the run goes to the worker of another one, which has a state of its own without that conversation. */
  async function forkInto(run: string, other: string, worker: string): Promise<void> {
    await world.json('cancel', other);
    const forked = await world.json<RunJson>('fork', run, worker, '--prompt', 'Now do it the second way.');
    const second = await answered(forked.id, 1);
    expect(second.conversation).not.toBe((await world.json<RunJson>('run', 'show', run)).conversation);
    const asked = mock.requests.filter(({ side, prompt }) => !side && prompt.includes('the second way'));
    expect(JSON.stringify(asked.at(-1)?.body)).toContain('Do it the first way');
    await costs(forked.id, usage['the second way']);
    await costs(run, usage['the first way'], usage['You were interrupted']);
  }

  test('Claude Code works with another provider: an address, a token from .env, and a key that is empty', async () => {
    const env = {
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_AUTH_TOKEN: '${ROUTER_KEY}',
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_MODEL: 'vendor/model-1',
    };
    await prepare('claude', { env });
    delete world.env.ANTHROPIC_BASE_URL;
    world.write('.env', 'ROUTER_KEY="sk-or-of-ada-000000000000"\n');
    const before = mock.requests.length;
    const { id } = await world.json<{ id: string }>(
      'task',
      'add',
      'Do it the first way',
      '--env',
      'ANTHROPIC_MODEL=vendor/model-2',
    );
    await world.json('dispatch', id, 'a');
    await answered(id, 1);
    const calls = mock.requests.slice(before) as unknown as {
      headers: Record<string, string>;
      body: { model: string };
    }[];
    // Without the key in the shell's environment, which an empty one takes away: else it would ask, or send both.
    for (const { headers } of calls) {
      expect(headers['x-api-key']).toBeUndefined();
      expect(headers.authorization).toBe('Bearer sk-or-o…');
    }
    expect(calls.some(({ body }) => body.model === 'vendor/model-2')).toBe(true);
  }, 90_000);

  test('an agent that cannot fork says so, and no task is left behind', async () => {
    world = new World();
    world.configure({ script: { script: '#!/bin/sh\nexec sleep 600\n' } });
    const { id } = await world.json<{ id: string }>('task', 'add', 'One');
    await world.json('dispatch', id);
    await until('it works', async () => (await world.json<RunJson>('run', 'show', id)).status === 'working');
    const refused = await world.forge('fork', id);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toContain('script-agent cannot begin with a copy of a conversation');
    expect(await world.json<unknown[]>('task', 'list', '--all')).toHaveLength(1);
  });
});

/** The run, once it has answered so often and its records have told its conversation. */
async function answered(run: string, times: number): Promise<RunJson> {
  const look = async () => {
    const shown = await world.json<RunJson>('run', 'show', run);
    const answers = shown.events.filter(({ type }) => type === 'agent.answered').length;
    return answers >= times && shown.conversation !== null ? shown : null;
  };
  const screen = async () => {
    const { session } = await world.json<RunJson>('run', 'show', run);
    return (await world.forge('session', 'screen', session)).stdout;
  };
  // The first opencode of a home fetches a package before it does anything else.
  return (await until(`answer ${times} of ${run}`, look, {
    timeoutMs: 150_000,
    everyMs: 300,
    shown: screen,
  })) as RunJson;
}

/** The run's tokens are those of these calls, and stay that. */
async function costs(run: string, ...calls: { input: number; output: number; cacheRead: number }[]): Promise<void> {
  const sum = (field: keyof typeof noting) => calls.reduce((all, call) => all + call[field] + noting[field], 0);
  const expected = [sum('input'), sum('output'), sum('cacheRead')];
  let last: unknown;
  await until(
    `${run} has used what was charged`,
    async () => {
      const { cost } = await world.json<RunJson>('run', 'show', run);
      last = [cost?.inputTokens, cost?.outputTokens, cost?.cacheReadTokens];
      return JSON.stringify(last) === JSON.stringify(expected);
    },
    { shown: () => `${JSON.stringify(last)}, not ${JSON.stringify(expected)}` },
  );
}

/** Two workers of the agent. */
async function prepare(agent: string, settings: object = {}): Promise<void> {
  const definition = { ...unasked[agent as RealAgent], ...screenless[agent], ...settings };
  const workers = ['a', 'b'].map((name) => ({ name, agent }));
  world = await realForge(mock.url, { [agent]: definition }, { workers, delivery: 'none' });
  mock.requests.length = 0;
}
