import { expect, test } from 'vitest';
import { agentEnvironment, launchEnvironment, passablePrompt } from '../../src/agents/environment.ts';
import { agentAdapters, findAdapter } from '../../src/agents/registry.ts';
import { agentFolder, launchRequest } from './support/agent-folder.ts';

const outer = {
  PATH: '/usr/bin',
  HOME: '/home/p',
  LC_ALL: 'de_DE.UTF-8',
  XDG_CONFIG_HOME: '/home/p/.config',
  SSH_AUTH_SOCK: '/run/ssh',
  https_proxy: 'http://proxy:1',
  NODE_EXTRA_CA_CERTS: '/ca.pem',
  ANTHROPIC_API_KEY: 'a',
  CLAUDE_CONFIG_DIR: '/c',
  CLAUDE_CODE_SESSION_ID: 'outer',
  OPENAI_API_KEY: 'o',
  CODEX_HOME: '/x',
  CODEX_SANDBOX: 'outer',
  CI: 'true',
  TMUX: '/tmp/tmux',
  TMUX_PANE: '%1',
  TERM: 'dumb',
  TERM_PROGRAM: 'ghostty',
  TERM_PROGRAM_VERSION: '1',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
  FORGE_HOME: '/f',
  FORGE_TASK: 'outer',
  CLAUDECODE: '1',
  npm_config_registry: 'x',
  GIT_DIR: '/outer/.git',
  DATABASE_PASSWORD: 'secret',
};

test('an agent gets the person, the network and a terminal, and no trace of where Forge runs', () => {
  expect(agentEnvironment({}, outer, { passedOn: [] })).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/p',
    LC_ALL: 'de_DE.UTF-8',
    XDG_CONFIG_HOME: '/home/p/.config',
    SSH_AUTH_SOCK: '/run/ssh',
    https_proxy: 'http://proxy:1',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
  });
});

test.each([
  { name: 'claude-code', own: { ANTHROPIC_API_KEY: 'a', CLAUDE_CONFIG_DIR: '/c' } },
  { name: 'codex', own: { OPENAI_API_KEY: 'o', CODEX_HOME: '/x' } },
  { name: 'command', own: {} },
])('$name also gets what it declares, and not what another session of its kind set', async ({ name, own }) => {
  await using folder = await agentFolder(['agent.sh']);
  const request = launchRequest(folder.path, { command: ['./agent.sh'], environment: outer });
  const { env } = await findAdapter(name)!.launch(request);
  const common = agentEnvironment({}, outer, { passedOn: [] });
  expect(
    Object.fromEntries(Object.entries(env).filter(([key]) => !(key in common) && !key.startsWith('FORGE_'))),
  ).toEqual(own);
});

test.each(agentAdapters.map(({ name }) => name))('%s tells the program which work it does', async (name) => {
  await using folder = await agentFolder(['agent.sh']);
  const request = launchRequest(folder.path, { command: ['./agent.sh'], environment: outer });
  expect((await findAdapter(name)!.launch(request)).env).toMatchObject({
    FORGE_PROMPT: request.prompt,
    FORGE_TASK: request.task,
    FORGE_RUN: request.run,
    FORGE_SESSION: request.session,
  });
});

test("the definition's own environment wins, but not over which work it is", () => {
  const request = launchRequest('/r', { env: { HOME: '/other', CI: '1', TERM: 'dumb', FORGE_RUN: 'x' } });
  expect(launchEnvironment({ ...request, environment: outer }, { passedOn: [] })).toMatchObject({
    HOME: '/other',
    CI: '1',
    TERM: 'dumb',
    FORGE_RUN: request.run,
  });
});

test('without a PATH the usual folders are searched', () => {
  expect(agentEnvironment({}, {}, { passedOn: [] }).PATH).toBe('/usr/local/bin:/usr/bin:/bin');
});

test('a prompt keeps every character that an argument can carry', () => {
  expect(passablePrompt('-a "b" $c\n👩‍🚀\0end')).toBe('-a "b" $c\n👩‍🚀\u{fffd}end');
});

test('a prompt that no argument can carry is refused with what to do', () => {
  expect(() => passablePrompt('é'.repeat(100_000))).toThrow(
    expect.objectContaining({
      code: 'spawn.failed',
      message: 'The prompt has 200000 bytes; an agent can be given 120000.',
    }),
  );
});
