import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasRealAgents, type MockModel, startModel } from '../support/real-agents.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// Forks and environments with the real programs, from the command line, beside what a scripted model charged.

const bin = process.env.FORGE_REAL_AGENTS ?? '';
const key = 'sk-ant-mock-00000000000000000000';
const usage = {
  'the first way': { input: 1_200, output: 80, cacheRead: 300 },
  'the second way': { input: 517, output: 11, cacheRead: 23 },
  'You were interrupted': { input: 613, output: 17, cacheRead: 29 },
};
const scenario = {
  prompts: Object.entries(usage)
    .reverse()
    .map(([match, used]) => ({ match, turns: [{ text: `Answer to ${match}.`, usage: used }] })),
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

let mock: MockModel;
let world: World;

describe.skipIf(!hasRealAgents)('places of the real programs', () => {
  beforeAll(async () => {
    mock = await startModel(scenario);
  });
  afterAll(() => mock?.close());
  beforeEach(() => prepare());
  afterEach(() => world?.dispose());

  test.each(['claude', 'codex'])(
    'a fork of %s has its conversation and its worktree; each pays its own, also after a death and a resume',
    async (agent) => {
      configure(agent, {});
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
      const asked = JSON.stringify(mock.requests.at(-1)?.body);
      expect(asked).toContain('Do it the first way');
      expect(asked).toContain('draft.txt');
      await costs(forked.id, usage['the second way']);
      await costs(first.id, usage['the first way']);

      await world.killAll();
      await until('both are paused', async () =>
        (await world.json<RunJson[]>('runs')).every(({ status }) => status === 'paused'),
      );
      await world.json('resume', forked.id);
      await answered(forked.id, 2);
      await costs(forked.id, usage['the second way'], usage['You were interrupted']);
      await costs(first.id, usage['the first way']);
      for (const run of [forked.id, first.id]) expect((await world.json<RunJson>('approve', run)).status).toBe('done');
      await costs(forked.id, usage['the second way'], usage['You were interrupted']);
      expect((await world.json<{ status: string }>('task', 'show', forked.task)).status).toBe('closed');
    },
    180_000,
  );

  test('isolated workers have a Codex state of their own below the home of Forge, with one login; records and a resume find it', async () => {
    configure('codex', {}, { isolate: true });
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
  }, 120_000);

  test('Claude Code works with another provider: an address, a token from .env, and a key that is empty', async () => {
    configure('claude', {
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_AUTH_TOKEN: '${ROUTER_KEY}',
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_MODEL: 'vendor/model-1',
    });
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
  let shown = '';
  return (await until(
    `answer ${times} of ${run}`,
    async () => {
      const found = await look();
      if (!found) shown = await screen();
      return found;
    },
    { timeoutMs: 60_000, shown: () => shown },
  )) as RunJson;
}

/** The run's tokens are those of these calls, and stay that. */
async function costs(run: string, ...calls: { input: number; output: number; cacheRead: number }[]): Promise<void> {
  const sum = (field: 'input' | 'output' | 'cacheRead') => calls.reduce((all, call) => all + call[field], 0);
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

function prepare(): void {
  world = new World();
  const { HOME: home } = world.env;
  const claude = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    hasSeenAutoDefaultNotice: true,
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [world.repository]: { hasTrustDialogAccepted: true } },
  };
  const codex = `model = "mock-1"
model_provider = "mock"
[analytics]
enabled = false
[features]
plugins = false
remote_plugin = false
apps = false
[model_providers.mock]
name = "Mock"
base_url = "${mock.url}/v1"
env_key = "OPENAI_MOCK_KEY"
wire_api = "responses"
[projects."${world.repository}"]
trust_level = "trusted"
`;
  writeFileSync(join(home, '.claude.json'), JSON.stringify(claude));
  mkdirSync(join(home, '.codex'));
  writeFileSync(join(home, '.codex/config.toml'), codex);
  Object.assign(world.env, {
    ANTHROPIC_BASE_URL: mock.url,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
    DISABLE_AUTOUPDATER: '1',
    OPENAI_MOCK_KEY: 'k',
  });
}

function configure(agent: string, env: Record<string, string>, more: object = {}): void {
  const adapter = agent === 'codex' ? 'codex' : 'claude-code';
  const command = join(bin, agent);
  expect(existsSync(command)).toBe(true);
  const definition = { adapter, command: [command], env, ...more };
  const workers = ['a', 'b'].map((name) => ({ name, agent }));
  world.write('.forge/config.yaml', JSON.stringify({ prefix: 'fg', agents: { [agent]: definition }, workers }));
}
