import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ForgeError } from '../../../src/base/errors.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { defaults } from '../../../src/config/options.ts';

let folder: string;
let home: string;
let project: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forge-config-'));
  home = join(folder, 'home');
  project = join(folder, 'project');
  mkdirSync(home);
  mkdirSync(join(project, '.forge'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(projectYaml: string | null, userYaml: string | null = null, environment: Record<string, string> = {}) {
  if (projectYaml !== null) writeFileSync(join(project, '.forge/config.yaml'), projectYaml);
  if (userYaml !== null) writeFileSync(join(home, 'config.yaml'), userYaml);
  return loadConfig({ forgeHome: home, projectRoot: project, environment });
}

function failure(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ForgeError && error.code === 'config.invalid') return error.message.replaceAll(folder, '');
    throw error;
  }
  throw new Error('expected config.invalid');
}

test('no file at all gives the defaults, and says so', () => {
  const { config, sources } = load(null);
  expect(config).toEqual(defaults);
  expect(sources['keys.leader']).toBe('default');
  expect(sources['agents.claude.adapter']).toBe('default');
});

test('the example of the settings is accepted', () => {
  const { config } = load(`
prefix: fg
agents:
  claude:  { adapter: claude-code, env: { ANTHROPIC_MODEL: opus } }
  script:  { adapter: command, command: ["./agent.sh", "{prompt}"] }
workers:
  - { name: worker-1, agent: claude, mode: coder }
  - { name: worker-2, agent: script }
worktrees: { setup: ["npm ci"], teardown: [], copy: [".env"] }
gates:
  - { name: test, run: "npm test", timeoutMs: 600000, rounds: 3 }
delivery: branch
limits: { total: 6, perAgent: { claude: 4 } }
budget: { runUsd: 2, dayUsd: 20 }
keys: { leader: ctrl+q }
`);
  expect(config.agents.script).toEqual({ adapter: 'command', command: ['./agent.sh', '{prompt}'], env: {} });
  expect(config.workers[1]).toEqual({ name: 'worker-2', agent: 'script', mode: 'coder' });
  expect(config.budget).toMatchObject({ runUsd: 2, dayUsd: 20, taskUsd: null });
});

test('the project goes over the user, the environment over both, map by map', () => {
  const { config, sources } = load(
    'agents: { claude: { env: { B: project } } }\nlimits: { total: 2 }\n',
    'agents: { claude: { env: { A: user, B: user } } }\nlimits: { total: 9, perAgent: { codex: 1 } }\n',
    { FORGE_KEYS_LEADER: 'ctrl+a', FORGE_LIMITS_TOTAL: '4', FORGE_TASK: 'ignored' },
  );
  expect(config.agents.claude).toEqual({ adapter: 'claude-code', command: [], env: { A: 'user', B: 'project' } });
  expect(config.limits).toEqual({ total: 4, perAgent: { codex: 1 }, allProjects: null, startGapMs: 100, goOn: true });
  expect(sources).toMatchObject({
    'agents.claude.env.A': join(home, 'config.yaml'),
    'agents.claude.env.B': join(project, '.forge/config.yaml'),
    'limits.total': 'FORGE_LIMITS_TOTAL',
    'keys.leader': 'FORGE_KEYS_LEADER',
  });
});

const at = '/project/.forge/config.yaml';
test.each([
  ['an unknown key', 'prefix: fg\nworkrs: []\n', `${at}:2:1: workrs is not a setting. Did you mean workers?`],
  [
    'an unknown key inside',
    'agents:\n  x: { adpter: codex }\n',
    `${at}:2:8: agents.x.adpter is not a setting. Did you mean adapter?`,
  ],
  [
    'an unknown key in a list',
    'workers:\n  - name: a\n    agnt: b\n',
    `${at}:2:5: workers[0].agent: expected text, found nothing`,
  ],
  [
    'an unknown key of a whole worker',
    'workers:\n  - { name: a, agent: claude, mod: b }\n',
    `${at}:2:31: workers[0].mod is not a setting. Did you mean mode?`,
  ],
  [
    'a wrong word',
    'delivery: brunch\n',
    `${at}:1:11: delivery: expected one of none, patch, commit, branch, pr, found "brunch". Did you mean branch?`,
  ],
  ['a wrong type', 'limits:\n  total: many\n', `${at}:2:10: limits.total: expected a number, found "many"`],
  ['too small', 'limits: { total: 0 }\n', `${at}:1:18: limits.total: expected more than 0`],
  ['a fraction', 'limits: { total: 1.5 }\n', `${at}:1:18: limits.total: expected a whole number, found 1.5`],
  [
    'a prefix',
    'prefix: F!\n',
    `${at}:1:9: prefix: expected 2 to 8 characters of a-z and 0-9, a letter first, found "F!"`,
  ],
  [
    'an agent name',
    'agents: { "A b": { adapter: codex } }\n',
    `${at}:1:11: agents.A b: expected a name of a-z, 0-9 and -, at most 64 characters`,
  ],
  ['no adapter', 'agents:\n  x: { command: [a] }\n', `${at}:2:3: agents.x: expected an adapter`],
  [
    'an undefined agent',
    'workers:\n  - { name: a, agent: cloude }\n',
    `${at}:2:23: a runs the agent cloude, which is not defined. Did you mean claude?`,
  ],
  [
    'a name twice',
    'workers:\n  - { name: a, agent: claude }\n  - { name: a, agent: codex }\n',
    `${at}:3:13: two workers are named a`,
  ],
  [
    'an undefined fallback',
    'agents:\n  x: { adapter: codex, fallback: cloude }\n',
    `${at}:2:34: agents.x.fallback: the agent cloude is not defined. Did you mean claude?`,
  ],
  [
    'fallbacks in a circle',
    'agents:\n  x: { adapter: codex, fallback: y }\n  y: { adapter: codex, fallback: x }\n',
    `${at}:3:34: agents.y.fallback: it comes back to where it was: x → y → x`,
  ],
  [
    'a cause that is none',
    'agents:\n  x: { adapter: codex, fallbackOn: [limits] }\n',
    `${at}:2:37: agents.x.fallbackOn[0]: expected one of failure, limit, timeout, found "limits". Did you mean limit?`,
  ],
  ['a key twice', 'prefix: fg\nprefix: fh\n', `${at}:2:1: not valid YAML: Map keys must be unique`],
  ['a list', '- a\n', `${at}:1:1: the file: expected a map, found a list`],
  ['__proto__', '__proto__: { prefix: xx }\n', `${at}:1:1: __proto__ is not a setting. Known here: prefix, mode`],
])('%s is named with its place and what was expected', (_, yaml, message) => {
  expect(failure(() => load(yaml))).toContain(message);
});

test('broken YAML is named with its place', () => {
  expect(failure(() => load('prefix: fg\nagents: { claude\n'))).toMatch(
    /^\/project\/.forge\/config.yaml:[23]:\d+: not valid YAML/,
  );
});

test.each([
  [
    'an alias bomb',
    Array.from(
      { length: 10 },
      (_, n) =>
        `a${n}: &a${n} [${
          n === 0
            ? 'x'
            : Array(9)
                .fill(`*a${n - 1}`)
                .join(', ')
        }]`,
    ).join('\n'),
  ],
  ['deep nesting', '['.repeat(20_000)],
  ['a huge file', `# ${'x'.repeat(1_100_000)}`],
  ['two documents', 'prefix: fg\n---\nprefix: fh\n'],
  ['bytes', '\u0000\u0001\u0002'],
])('%s is refused', (_, yaml) => {
  expect(failure(() => load(yaml))).toContain(at);
});

test('a bad variable is named', () => {
  expect(failure(() => load(null, null, { FORGE_LIMITS_TOTAL: 'x' }))).toBe(
    '$FORGE_LIMITS_TOTAL: limits.total: expected a number, found "x"',
  );
});

test.each(['', '# nothing\n', '---\n'])('an empty file is no setting: %j', (yaml) => {
  expect(load(yaml).config).toEqual(defaults);
});
