import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { privateHome } from '../../src/agents/private-home.ts';
import { askVersion } from '../../src/agents/program.ts';
import { agentAdapters, findAdapter } from '../../src/agents/registry.ts';
import { sessionUuid } from '../../src/agents/session-uuid.ts';
import { agentFolder, definition, launchRequest } from './support/agent-folder.ts';

const prompts = ['-p', '--help', 'a/b', '@file', 'say "hi" and \'ho\' $HOME `id`', 'two\nlines', '👩‍🚀 表', '{task}'];
const environment = { PATH: '/usr/bin:/bin' };

test('every adapter has a name of its own', () => {
  expect(agentAdapters.map(({ name }) => name)).toEqual([
    'claude-code',
    'codex',
    'gemini',
    'opencode',
    'claude-code-headless',
    'codex-headless',
    'gemini-headless',
    'opencode-headless',
    'aider',
    'command',
    'demo',
  ]);
});

test.each(agentAdapters.map((adapter) => [adapter.name, adapter] as const))(
  '%s keeps the contract of an adapter',
  async (name, adapter) => {
    await using folder = await agentFolder(['agent.sh']);
    const own = definition({ command: ['./agent.sh', '--extra', 'a b'] });

    expect(findAdapter(name)).toBe(adapter);
    expect(adapter.summary).toMatch(/^[A-Z].*\.$/);
    expect(await adapter.find(own, environment, folder.path)).toMatchObject({
      isFound: true,
      path: join(folder.path, 'agent.sh'),
    });
    for (const prompt of prompts) {
      const request = launchRequest(folder.path, { command: own.command, prompt, environment });
      const launch = await adapter.launch(request);
      const path = join(folder.path, 'agent.sh');
      expect(launch.command.slice(launch.command.indexOf(path)).slice(0, 3)).toEqual([path, '--extra', 'a b']);
      expect(launch.env.FORGE_PROMPT).toBe(prompt);
      expect(launch.env.PATH).toBe(environment.PATH);
    }

    for (const command of [[''], ['no-such-program-7f3a'], ['./no-such-file'], [folder.path]]) {
      const found = await adapter.find(definition({ command }), environment, folder.path);
      expect(found).toMatchObject({ isFound: false, problem: expect.stringMatching(/\.$/), next: expect.any(String) });
      await expect(adapter.launch(launchRequest(folder.path, { command, environment }))).rejects.toMatchObject({
        name: 'ForgeError',
      });
    }
  },
);

test.each(['claude-code', 'codex'])('%s gets the prompt as its last argument, after a --', async (name) => {
  await using folder = await agentFolder(['agent.sh']);
  for (const prompt of prompts) {
    const request = launchRequest(folder.path, { command: ['./agent.sh'], prompt, environment });
    expect((await findAdapter(name)!.launch(request)).command.slice(-2)).toEqual(['--', prompt]);
  }
});

test.each(['/exit', ' /exit', '!rm -rf .', '\n!ls'])(
  'a task called %j is a task, not a command to the chat',
  async (prompt) => {
    await using folder = await agentFolder(['agent.sh']);
    for (const name of ['claude-code', 'codex']) {
      const { command } = await findAdapter(name)!.launch(
        launchRequest(folder.path, { command: ['./agent.sh'], prompt }),
      );
      expect(command.at(-1)).toBe(`Task: ${prompt}`);
    }
  },
);

test('Claude Code keeps its conversation under an id that can be found again', async () => {
  await using folder = await agentFolder(['claude']);
  const request = launchRequest(folder.path, { environment: { PATH: folder.path } });
  const { command } = await findAdapter('claude-code')!.launch(request);
  const uuid = sessionUuid(folder.path, request.session);
  expect(command).toEqual([join(folder.path, 'claude'), '--session-id', uuid, '--', 'Fix the login']);
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(sessionUuid('/other', request.session)).not.toBe(uuid);
});

test('a command that chooses its conversation keeps it', async () => {
  await using folder = await agentFolder(['claude']);
  const command = ['./claude', '--resume=abc'];
  const launch = await findAdapter('claude-code')!.launch(launchRequest(folder.path, { command }));
  expect(launch.command).toEqual([join(folder.path, 'claude'), '--resume=abc', '--', 'Fix the login']);
});

test.each([
  { name: 'claude-code', resumed: ['--resume', 'c1'] },
  { name: 'codex', resumed: ['resume', 'c1'] },
])('$name goes on with a conversation, with a prompt and without', async ({ name, resumed }) => {
  await using folder = await agentFolder(['agent.sh']);
  const own = { command: ['./agent.sh', '-m', 'fast'], resume: 'c1' };
  const launch = (prompt: string) => findAdapter(name)!.launch(launchRequest(folder.path, { ...own, prompt }));
  const { command, conversation } = await launch('Go on');
  expect(command.slice(0, 3)).toEqual([join(folder.path, 'agent.sh'), '-m', 'fast']);
  expect(command.slice(-4)).toEqual([...resumed, '--', 'Go on']);
  expect(conversation).toBe('c1');
  expect((await launch('')).command.slice(-2)).toEqual(resumed);
});

test.each([
  { name: 'claude-code', chosen: ['--continue'] },
  { name: 'claude-code', chosen: ['--session-id=abc'] },
  { name: 'codex', chosen: ['resume', '--last'] },
  { name: 'codex', chosen: ['fork', 'abc'] },
])('a command of $name that says $chosen is left to choose', async ({ name, chosen }) => {
  await using folder = await agentFolder(['agent.sh']);
  const command = ['./agent.sh', ...chosen];
  const launch = await findAdapter(name)!.launch(launchRequest(folder.path, { command, resume: 'c1' }));
  expect(launch.command.slice(0, 1 + chosen.length)).toEqual([join(folder.path, 'agent.sh'), ...chosen]);
  expect(launch.command).not.toContain('c1');
  expect(launch.conversation).toBeNull();
});

test('Codex leaves no daemon behind and does not ask to be updated, unless its command says so', async () => {
  await using folder = await agentFolder(['codex']);
  const command = ['./codex', '-m', 'fast', '-c', 'features.daemon_auto_start=true'];
  const launch = await findAdapter('codex')!.launch(launchRequest(folder.path, { command }));
  expect(launch.command).toEqual([
    join(folder.path, 'codex'),
    ...command.slice(1),
    ...['-c', 'check_for_update_on_startup=false'],
    ...['-c', 'notice.model_migrations={"gpt-5.5"="gpt-6-sol"}'],
    ...['-c', 'notice.hide_rate_limit_model_nudge=true', '--', 'Fix the login'],
  ]);
});

test('a command has its placeholders filled in, once, and other braces left alone', async () => {
  await using folder = await agentFolder(['agent.sh']);
  const command = ['./agent.sh', '{prompt}', '--of={task}/{run}', '{worktree}', '{other} {}', '{constructor}'];
  const launch = await findAdapter('command')!.launch(launchRequest(folder.path, { command, prompt: '{task} $& $1' }));
  expect(launch.command).toEqual([
    join(folder.path, 'agent.sh'),
    ...['{task} $& $1', '--of=fg-a3f8/r2k7', '/worktrees/fg-a3f8', '{other} {}', '{constructor}'],
  ]);
});

test('a command without a program is named as what it is', async () => {
  await expect(findAdapter('command')!.launch(launchRequest('/r'))).rejects.toMatchObject({
    code: 'config.invalid',
    message: 'The agent mine has no command.',
  });
});

test('a command is found without being run', async () => {
  await using folder = await agentFolder(['agent.sh'], '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n');
  const found = await findAdapter('command')!.find(definition({ command: ['./agent.sh'] }), environment, folder.path);
  expect(found).toEqual({ isFound: true, path: join(folder.path, 'agent.sh'), version: '' });
  await expect(import('node:fs').then(({ existsSync }) => existsSync(join(folder.path, 'ran')))).resolves.toBe(false);
});

test('a program is found through a link, on the PATH of its own definition', async () => {
  await using folder = await agentFolder(['real'], '#!/bin/sh\necho "2.1.329 (Claude Code)"\n');
  await symlink('real', join(folder.path, 'claude'));
  const own = definition({ env: { PATH: `${folder.path}:/usr/bin:/bin` } });
  expect(await findAdapter('claude-code')!.find(own, { PATH: '/nowhere' }, '/r')).toEqual({
    isFound: true,
    path: join(folder.path, 'claude'),
    version: '2.1.329',
  });
});

test('a program that is not installed comes with the way to install it', async () => {
  expect(await findAdapter('codex')!.find(definition(), { PATH: '/nowhere' }, '/r')).toEqual({
    isFound: false,
    problem: 'codex was not found on PATH.',
    next: 'Install it (npm install -g @openai/codex), or give the agent a command in .forge/config.yaml.',
  });
});

test('a program that cannot run says why', async () => {
  await using folder = await agentFolder(['claude'], '#!/bin/sh\necho "native binary not installed" >&2\nexit 1\n');
  expect(await findAdapter('claude-code')!.find(definition(), { PATH: folder.path }, '/r')).toMatchObject({
    isFound: false,
    problem: `${join(folder.path, 'claude')} is there, but --version ended with exit status 1: native binary not installed.`,
  });
});

test('a version is asked for once for each state of the file', async () => {
  const script = (version: string) => `#!/bin/sh\necho x >>"$0.log"\necho "v${version}"\n`;
  await using folder = await agentFolder(['a'], script('1.2.3'));
  const path = join(folder.path, 'a');
  expect(await askVersion(path, environment)).toEqual({ isAnswered: true, version: '1.2.3' });
  await askVersion(path, environment);
  expect(await readFile(`${path}.log`, 'utf8')).toBe('x\n');
  await writeFile(path, script('1.2.34'));
  expect(await askVersion(path, environment)).toEqual({ isAnswered: true, version: '1.2.34' });
});

test('a program that does not answer is ended with all that it started', async () => {
  await using folder = await agentFolder(['a'], '#!/bin/sh\nsleep 60 & echo $! >"$0.pid"\nwait\n');
  const path = join(folder.path, 'a');
  expect(await askVersion(path, environment, 500)).toEqual({
    isAnswered: false,
    problem: 'it gave no answer to --version in 0.5 s',
  });
  const pid = Number(await readFile(`${path}.pid`, 'utf8'));
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('the table in the guide has what each adapter declares', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guide/agents.md'), 'utf8');
  for (const { name, abilities } of agentAdapters.filter((adapter) => adapter.name !== 'demo')) {
    const row = guide.split('\n').find((line) => line.startsWith(`| ${name} `) && line.split('|').length === 10);
    const [, , , , resume, fork, tokens, money] = row?.split('|').map((cell) => cell.trim().split(',')[0]) ?? [];
    const told = {
      canResume: resume === 'yes',
      canFork: fork === 'yes',
      tellsTokens: tokens === 'yes',
      tellsMoney: money === 'yes',
    };
    expect({ name, ...told }).toEqual({ name, ...abilities, tellsPrompts: undefined });
  }
});

test('Gemini CLI gets an id of Forge and the prompt in one argument; the id again to go on', async () => {
  await using folder = await agentFolder(['gemini']);
  const request = launchRequest(folder.path, { prompt: '-dash', environment: { PATH: folder.path } });
  const uuid = sessionUuid(folder.path, request.session);
  const first = await findAdapter('gemini')!.launch(request);
  // Between them a script that goes on when it has started itself anew: gemini-starts-again.test.ts.
  expect(first.command.slice(-2)).toEqual([expect.stringContaining('anew'), join(folder.path, 'gemini')]);
  expect(first.command).toEqual(expect.arrayContaining([uuid, '--prompt-interactive=-dash']));
  expect(first.conversation).toBe(uuid);
  const again = await findAdapter('gemini')!.launch({ ...request, session: 'r2k7.2', resume: uuid, prompt: '' });
  expect(again.command.slice(1)).toEqual(['--resume', uuid]);
  expect(again.conversation).toBe(uuid);
  const own = launchRequest(folder.path, { command: ['./gemini', '--resume', 'latest'] });
  const chosen = await findAdapter('gemini')!.launch({ ...own, resume: uuid });
  expect(chosen.command.slice(1)).toEqual(['--resume', 'latest', '--prompt-interactive=Fix the login']);
  expect(chosen.conversation).toBeNull();
});

test('opencode gets the prompt in one argument, and when it goes on from its plugin', async () => {
  await using folder = await agentFolder(['opencode']);
  const request = launchRequest(folder.path, { prompt: '-dash', environment: { PATH: folder.path } });
  const first = await findAdapter('opencode')!.launch(request);
  expect(first.command.slice(1)).toEqual(['--prompt=-dash']);
  expect(first.conversation).toBeNull();
  expect(first.env).not.toHaveProperty('FORGE_RESUME');
  const again = await findAdapter('opencode')!.launch({ ...request, resume: 'ses_1' });
  expect(again.command.slice(1)).toEqual(['--session', 'ses_1']);
  expect(again.env).toMatchObject({ FORGE_RESUME: 'ses_1', FORGE_PROMPT: '-dash' });
  expect(again.conversation).toBe('ses_1');
  const silent = await findAdapter('opencode')!.launch({ ...request, resume: 'ses_1', prompt: '' });
  expect(silent.env).not.toHaveProperty('FORGE_RESUME');
  const own = launchRequest(folder.path, { command: ['./opencode', '--continue'] });
  const chosen = await findAdapter('opencode')!.launch({ ...own, resume: 'ses_1' });
  expect(chosen.command.slice(1)).toEqual(['--continue', '--prompt=Fix the login']);
  expect(chosen.conversation).toBeNull();
});

test('a fork of opencode is a copy with ids of its own, taken in by opencode in the worktree', async () => {
  await using folder = await agentFolder(
    ['opencode'],
    '#!/bin/sh\n[ "$1" = export ] && exec cat session.json\n[ "$1" = import ] && exec cp "$2" taken.json\n',
  );
  const [old, told] = ['ses_e01a7a47cffe8z1r42iPZItkVZ', 'msg_21f4d2168001jpOgCuQtq69UP8'];
  const session = {
    info: { id: old, title: 'said msg_0', share: { url: 'https://opencode.ai/s/1' } },
    messages: [
      {
        info: { id: told, sessionID: old },
        parts: [{ id: 'prt_21f4d2b4a001Wp8n2Fsx1yGqiS', messageID: told, sessionID: old, text: 'of ses_elsewhere' }],
      },
    ],
  };
  await writeFile(join(folder.path, 'session.json'), JSON.stringify(session));
  const request = {
    ...launchRequest(folder.path, { fork: old, environment: { PATH: `${folder.path}:/usr/bin:/bin` } }),
    worktree: folder.path,
  };
  const { command, env, conversation } = await findAdapter('opencode')!.launch(request);
  expect(conversation).toMatch(/^ses_[0-9a-f]{26}$/);
  expect(command.slice(1)).toEqual(['--session', conversation]);
  expect(env).toMatchObject({ FORGE_RESUME: conversation, FORGE_PROMPT: 'Fix the login' });
  const taken = JSON.parse(await readFile(join(folder.path, 'taken.json'), 'utf8'));
  const [{ info, parts }] = taken.messages;
  expect(taken.info).toEqual({ id: conversation, title: 'said msg_0' });
  expect(info).toEqual({ id: expect.stringMatching(/^msg_21f4d2168001[0-9a-f]{14}$/), sessionID: conversation });
  expect(parts).toEqual([
    {
      id: expect.stringMatching(/^prt_21f4d2b4a001[0-9a-f]{14}$/),
      ...{ messageID: info.id, sessionID: conversation, text: 'of ses_elsewhere' },
    },
  ]);
  expect(await readdir(join(request.recordsDirectory, 'opencode'))).toEqual(['recorder.js']);
  await writeFile(join(folder.path, 'session.json'), 'Session not found');
  await expect(findAdapter('opencode')!.launch(request)).rejects.toMatchObject({ code: 'agent.unable' });
});

test('a fork of Gemini CLI is made of a file', async () => {
  await using folder = await agentFolder(['gemini']);
  const request = launchRequest(folder.path, { environment: { PATH: folder.path, HOME: folder.path } });
  const chats = join(folder.path, '.gemini/tmp/fg-1/chats');
  await mkdir(chats, { recursive: true });
  await writeFile(join(chats, 'session-2026-11-21T13-50-11111111.jsonl'), 'what was said');
  const fork = '11111111-2222-5333-8444-555555555555';
  const gemini = await findAdapter('gemini')!.launch({ ...request, fork });
  const copy = join(request.recordsDirectory, 'gemini', `r2k7.1-of-${fork}.jsonl`);
  expect(gemini.command.slice(1)).toEqual(['--session-file', copy, '--prompt-interactive=Fix the login']);
  expect(await readFile(copy, 'utf8')).toBe('what was said');
  expect(gemini.conversation).toBeNull();
});

test.each(['codex', 'codex-headless'])(
  'a fork of %s takes the conversation along from the state of another worker',
  async (name) => {
    await using folder = await agentFolder(['codex']);
    const fork = '01a22612-9865-7e11-b2dd-494efac2e0a3';
    const [theirs, own] = [join(folder.path, 'theirs'), join(folder.path, 'own')];
    const rollout = `sessions/2026/11/29/rollout-2026-11-29T07-00-00-${fork}.jsonl`;
    const said = `${JSON.stringify({ type: 'session_meta', payload: { id: fork, timestamp: '2026-11-29T07:00:00Z' } })}\nsaid\n`;
    await mkdir(join(theirs, dirname(rollout)), { recursive: true });
    await writeFile(join(theirs, rollout), said);
    const environment = { PATH: `${folder.path}:/usr/bin:/bin`, HOME: folder.path };
    const request = {
      ...launchRequest(folder.path, { fork, environment, env: { CODEX_HOME: own } }),
      forkEnv: { CODEX_HOME: theirs },
    };
    await findAdapter(name)!.launch(request);
    expect(await readFile(join(own, rollout), 'utf8')).toBe(said);
    // Started again, it leaves its own alone.
    await writeFile(join(own, rollout), `${said}more\n`);
    await findAdapter(name)!.launch(request);
    expect(await readFile(join(own, rollout), 'utf8')).toBe(`${said}more\n`);
  },
);

test('a fork of opencode is written down with the state of whoever has it, and taken in with its own', async () => {
  await using folder = await agentFolder(
    ['opencode'],
    '#!/bin/sh\necho "$1 $OPENCODE_DB" >> ran\n[ "$1" = export ] && exec cat session.json\nexit 0\n',
  );
  await writeFile(join(folder.path, 'session.json'), JSON.stringify({ info: { id: 'ses_1' }, messages: [] }));
  const environment = { PATH: `${folder.path}:/usr/bin:/bin` };
  const request = launchRequest(folder.path, { fork: 'ses_1', environment, env: { OPENCODE_DB: '/own.db' } });
  const forkEnv = { OPENCODE_DB: '/theirs.db' };
  await findAdapter('opencode')!.launch({ ...request, worktree: folder.path, forkEnv });
  expect(await readFile(join(folder.path, 'ran'), 'utf8')).toBe('export /theirs.db\nimport /own.db\n');
});

test('a program that is kept apart has a place of its own; login and settings are links', async () => {
  await using folder = await agentFolder([]);
  const home = join(folder.path, 'home');
  await mkdir(join(home, '.codex'), { recursive: true });
  await writeFile(join(home, '.codex/config.toml'), '');
  const own = join(folder.path, 'own');
  const env = privateHome(findAdapter('codex')!.isolation!, { HOME: home }, own);
  expect(env).toEqual({ CODEX_HOME: own });
  expect((await readdir(own)).sort()).toEqual(['auth.json', 'config.toml']);
  expect(await readlink(join(own, 'auth.json'))).toBe(join(home, '.codex/auth.json'));
  for (const name of ['opencode', 'opencode-headless']) {
    const place = join(folder.path, name);
    expect(privateHome(findAdapter(name)!.isolation!, {}, place)).toEqual({ OPENCODE_DB: join(place, 'opencode.db') });
    expect(await readdir(place)).toEqual([]);
  }
});

test.each([
  ['claude-code', '/a/b.png', '@/a/b.png'],
  ['claude-code', '/a/b c.png', '@"/a/b c.png"'],
  ['codex', '/a/b c.png', '/a/b\\ c.png'],
  ['opencode', '/a/b c.png', '/a/b\\ c.png'],
  ['gemini', '/a/b-1.png', '@/a/b-1.png'],
  ['gemini', '/a/b (c), d.png', '@/a/b\\ \\(c\\)\\,\\ d.png'],
])('%s is told of the file %s as %s', (name, path, mention) => {
  expect(findAdapter(name)!.mentionFile?.(path)).toBe(mention);
});
