import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { ProgramStatus, SessionFacts, SessionStatus } from '../../src/domain/session.ts';
import { deriveStatus } from '../../src/domain/status.ts';
import type { LaunchRequest } from '../../src/ports/agent.ts';
import { TerminalProgram } from '../support/terminal-program.ts';

// The real programs against a scripted model on loopback. Skipped unless FORGE_REAL_AGENTS names the folder that has
// `claude` and `codex`, and FORGE_MOCK_MODEL a module with startMockModel({ scenario }).
const { FORGE_REAL_AGENTS: bin, FORGE_MOCK_MODEL: mockPath } = process.env;
const run = promisify(execFile);
const key = 'sk-ant-mock-00000000000000000000';

interface MockModel {
  url: string;
  close(): Promise<void>;
}
const scenario = {
  prompts: [
    { match: 'make hello', turns: [{ text: 'Writing.', actions: [{ do: 'write', path: 'a.txt', content: 'a' }] }] },
    { match: '.', turns: [{ text: 'Scripted answer.' }] },
  ],
};

let mock: MockModel;
let root: string;
let home: string;
let repository: string;
let worktree: string;

describe.skipIf(!bin || !mockPath)('the real programs', () => {
  beforeAll(async () => {
    const { startMockModel } = await import(pathToFileURL(mockPath as string).href);
    mock = await startMockModel({ scenario });
  });
  afterAll(() => mock?.close());

  beforeEach(async () => {
    // Not below the system's temporary folder: Codex's sandbox fails when its home is there.
    root = await realpath(await mkdtemp(join(homedir(), '.forge-real-agents-')));
    home = join(root, 'home');
    repository = join(root, 'repository');
    worktree = join(root, 'worktrees', 'fg-1');
    await mkdir(home);
    await mkdir(repository);
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=T', '-c', 'user.email=t@t', ...args], { cwd: repository });
    await git('init', '-q', '-b', 'main');
    await git('commit', '-q', '--allow-empty', '-m', 'first');
    await git('worktree', 'add', '-q', '-b', 'fg-1', worktree);
  });
  afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }));

  const awkward = '-say "hi" to $HOME and 🙂\nand then 表';

  test.each(['claude-code', 'codex'])('%s is found with its version', async (name) => {
    const found = await findAdapter(name)!.find(request(name).definition, request(name).environment, repository);
    expect(found).toMatchObject({ isFound: true, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  test.each(['claude-code', 'codex'])(
    '%s works in a worktree of a repository that is trusted, and says so',
    async (name) => {
      await prepare({ isTrusted: true });
      await using agent = await start(name, { prompt: awkward });
      await agent.untilStatus('done');
      await agent.untilScreen(/Scripted answer\./);
      expect(agent.screen()).toContain('-say "hi" to $HOME and 🙂');
      expect(agent.screen()).toContain('and then 表');
      expect(agent.statuses.some((status) => status.startsWith('state=working'))).toBe(true);
      expect(statusOf(agent, name)).toMatchObject({ state: 'done', evidence: 'program status: done' });
    },
  );

  test.each([
    { name: 'claude-code', prompt: '/exit' },
    { name: 'codex', prompt: '!touch ran-without-asking' },
  ])('$name takes the task $prompt as words', async ({ name, prompt }) => {
    await prepare({ isTrusted: true });
    await using agent = await start(name, { prompt });
    await agent.untilStatus('done');
    await agent.untilScreen(/Scripted answer\./);
    expect(existsSync(join(worktree, 'ran-without-asking'))).toBe(false);
  });

  test.each([
    {
      says: 'Claude Code asks to trust a repository that nobody trusted',
      name: 'claude-code',
      prepared: { isTrusted: false },
      status: { state: 'waiting', reason: 'trust this folder', evidence: 'program status: blocked' },
    },
    {
      says: 'the same, read off the screen',
      name: 'claude-code',
      prepared: { isTrusted: false },
      answersStatusProbe: false,
      status: { state: 'waiting', reason: 'asks to trust this folder', evidence: 'screen: trust dialog' },
    },
    {
      says: 'Claude Code asks about an API key that it sees for the first time',
      name: 'claude-code',
      prepared: { isTrusted: true, isKeyApproved: false },
      status: { state: 'waiting', reason: 'asks whether to use the API key', evidence: 'screen: API key dialog' },
    },
    {
      says: 'Claude Code asks for permission',
      name: 'claude-code',
      prepared: { isTrusted: true },
      extra: ['--permission-mode', 'manual'],
      prompt: 'make hello',
      status: {
        state: 'waiting',
        reason: expect.stringMatching(/^approve Write/),
        evidence: 'program status: blocked',
      },
    },
    {
      says: 'the same, read off the screen',
      name: 'claude-code',
      prepared: { isTrusted: true },
      extra: ['--permission-mode', 'manual'],
      prompt: 'make hello',
      answersStatusProbe: false,
      status: { state: 'waiting', reason: 'asks for permission', evidence: 'screen: permission dialog' },
    },
    {
      says: 'Claude Code cannot be set up without its service',
      name: 'claude-code',
      prepared: null,
      status: { state: 'failed', reason: 'exit status 1', evidence: 'exit status 1' },
    },
    {
      says: 'Claude Code asks about a server that the repository brings',
      name: 'claude-code',
      prepared: { isTrusted: true },
      files: { '.mcp.json': '{"mcpServers":{"x":{"command":"true"}}}' },
      status: { state: 'waiting', reason: 'asks whether to use an MCP server', evidence: 'screen: MCP server dialog' },
    },
    {
      says: 'Codex keeps its dialog about a new model back',
      name: 'codex',
      prepared: { isTrusted: true, model: 'gpt-5.5' },
      status: { state: 'done', reason: '', evidence: 'program status: done' },
    },
    {
      says: 'Codex asks for a login',
      name: 'codex',
      prepared: null,
      status: { state: 'waiting', reason: 'asks for a login', evidence: 'screen: login' },
    },
    {
      says: 'Codex asks to trust a repository that nobody trusted',
      name: 'codex',
      prepared: { isTrusted: false },
      status: { state: 'waiting', reason: 'asks to trust this folder', evidence: 'screen: trust dialog' },
    },
    {
      says: 'Codex asks to change the model',
      name: 'codex',
      prepared: { isTrusted: true, model: 'gpt-5.5' },
      extra: ['-c', 'notice.model_migrations={}'],
      status: { state: 'waiting', reason: 'asks which model to use', evidence: 'screen: new model dialog' },
    },
  ])('$says', async ({ name, prepared, status, extra, prompt, answersStatusProbe, files = {} }) => {
    if (prepared) await prepare(prepared);
    for (const [path, text] of Object.entries(files)) await writeFile(join(worktree, path), text);
    await using agent = await start(name, { extra, prompt, answersStatusProbe });
    await agent.until(`its status is ${status.evidence}`, () => statusOf(agent, name).evidence === status.evidence);
    expect(statusOf(agent, name)).toMatchObject(status);
  });
});

/** A home as it is after a person's first use. */
async function prepare(state: { isTrusted: boolean; isKeyApproved?: boolean; model?: string }): Promise<void> {
  const { isTrusted, isKeyApproved = true, model = 'mock-1' } = state;
  const claude = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    hasSeenAutoDefaultNotice: true,
    customApiKeyResponses: { approved: isKeyApproved ? [key.slice(-20)] : [], rejected: [] },
    projects: isTrusted ? { [repository]: { hasTrustDialogAccepted: true } } : {},
  };
  const codex = [
    `model = "${model}"`,
    'model_provider = "mock"',
    '[analytics]\nenabled = false',
    '[features]\nplugins = false\nremote_plugin = false\napps = false',
    `[model_providers.mock]\nname = "Mock"\nbase_url = "${mock.url}/v1"\nenv_key = "OPENAI_MOCK_KEY"\nwire_api = "responses"`,
    isTrusted ? `[projects."${repository}"]\ntrust_level = "trusted"` : '',
  ];
  await writeFile(join(home, '.claude.json'), JSON.stringify(claude));
  await mkdir(join(home, '.codex'));
  await writeFile(join(home, '.codex', 'config.toml'), codex.join('\n'));
}

function request(name: string, prompt = 'just talk', extra: readonly string[] = []): LaunchRequest {
  const program = join(bin as string, name === 'codex' ? 'codex' : 'claude');
  return {
    definition: { name, adapter: name, command: [program, ...extra], env: {} },
    ...{ prompt, resume: null, task: 'fg-1', run: 'r1', session: 'r1.1', worktree, repository },
    recordsDirectory: join(root, 'records'),
    environment: {
      HOME: home,
      PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      LANG: 'C.UTF-8',
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
      DISABLE_AUTOUPDATER: '1',
      OPENAI_MOCK_KEY: 'k',
    },
  };
}

async function start(
  name: string,
  options: { prompt?: string | undefined; extra?: string[] | undefined; answersStatusProbe?: boolean | undefined },
): Promise<TerminalProgram> {
  const launch = await findAdapter(name)!.launch(request(name, options.prompt, options.extra));
  const { answersStatusProbe = true } = options;
  return new TerminalProgram({ ...launch, cwd: worktree, cols: 110, rows: 40, answersStatusProbe });
}

/** The status as a face would show it, from what was seen in the terminal. */
function statusOf(agent: TerminalProgram, name: string): SessionStatus {
  const adapter = findAdapter(name)!;
  const facts: SessionFacts = {
    ...{ id: 'r1.1', labels: {}, command: [name], cwd: worktree, pid: agent.pid, cols: 110, rows: 40 },
    ...{ startedAt: 0, lastOutputAt: 0, lastInputAt: null, bellAt: null, title: agent.titles.at(-1) ?? '' },
    program: programStatus(agent.statuses.at(-1)),
    ...{ endedAt: agent.exitCode === null ? null : 1, exitCode: agent.exitCode, signal: null, isLost: false },
  };
  const { endsByItself } = adapter;
  return deriveStatus({ facts, screen: agent.rows(), rules: adapter, words: null, now: 100_000, endsByItself });
}

function programStatus(sent: string | undefined): ProgramStatus | null {
  if (sent === undefined) return null;
  const fields = Object.fromEntries(sent.split(':').map((field) => field.split(/=(.*)/s, 2)));
  const message = fields.msg === undefined ? null : Buffer.from(fields.msg, 'base64').toString();
  return { state: fields.state, app: fields.app ?? '', kind: fields.kind ?? null, message, at: 0 };
}
