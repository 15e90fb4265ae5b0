import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { ProgramStatus, SessionFacts, SessionStatus } from '../../src/domain/session.ts';
import { deriveStatus } from '../../src/domain/status.ts';
import {
  hasRealAgents,
  type MockModel,
  RealAgentWorld,
  type StartOptions,
  startModel,
} from '../support/real-agents.ts';
import type { TerminalProgram } from '../support/terminal-program.ts';
import { until } from '../support/until.ts';

const scenario = {
  prompts: [
    { match: 'make hello', turns: [{ text: 'Writing.', actions: [{ do: 'write', path: 'a.txt', content: 'a' }] }] },
    { match: '.', turns: [{ text: 'Scripted answer.' }] },
  ],
};

let mock: MockModel;
let world: RealAgentWorld;
let worktree: string;

describe.skipIf(!hasRealAgents)('the real programs', () => {
  beforeAll(async () => {
    mock = await startModel(scenario);
  });
  afterAll(() => mock?.close());

  beforeEach(async () => {
    world = await RealAgentWorld.make(mock);
    worktree = await world.addWorktree('fg-1');
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const awkward = '-say "hi" to $HOME and 🙂\nand then 表';

  test.each(['claude-code', 'codex'])('%s is found with its version', async (name) => {
    const { definition, environment, repository } = world.request(name, { worktree });
    const found = await findAdapter(name)!.find(definition, environment, repository);
    expect(found).toMatchObject({ isFound: true, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  test.each(['claude-code', 'codex'])(
    '%s works in a worktree of a repository that is trusted, and says so',
    async (name) => {
      await world.prepare({ isTrusted: true });
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
    await world.prepare({ isTrusted: true });
    await using agent = await start(name, { prompt });
    await agent.untilStatus('done');
    await agent.untilScreen(/Scripted answer\./);
    expect(existsSync(join(worktree, 'ran-without-asking'))).toBe(false);
  });

  test.each(dialogs)('$says', (dialog) => shows(dialog, 110));

  const onScreen = dialogs.filter(({ status }) => status.evidence.startsWith('screen:'));
  test.each(onScreen)('$says, in a pane of 40 columns', (dialog) => shows(dialog, 40));

  test('Codex waits for a login that is finished elsewhere', async () => {
    await using agent = await start('codex', {});
    const evidence = () => statusOf(agent, 'codex').evidence;
    // It drops keys in the moment in which it draws the dialog.
    const look = () => {
      if (evidence() === 'screen: login') agent.type('\r');
      return evidence() === 'screen: login under way';
    };
    await until('it waits for it', look, { everyMs: 300, shown: () => agent.screen() });
  });
});

/** What they ask before and beside their work; `prepared`: null for a home that they were never used in. */
const dialogs: readonly Dialog[] = [
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
];

interface Dialog extends Omit<StartOptions, 'worktree'> {
  says: string;
  name: string;
  prepared: Parameters<RealAgentWorld['prepare']>[0] | null;
  files?: Record<string, string>;
  status: Pick<SessionStatus, 'state' | 'reason' | 'evidence'>;
}

async function shows({ name, prepared, status, files = {}, ...options }: Dialog, cols: number): Promise<void> {
  if (prepared) await world.prepare(prepared);
  for (const [path, text] of Object.entries(files)) await writeFile(join(worktree, path), text);
  await using agent = await start(name, { ...options, cols });
  await agent.until(`its status is ${status.evidence}`, () => statusOf(agent, name).evidence === status.evidence);
  expect(statusOf(agent, name)).toMatchObject(status);
}

function start(name: string, options: Omit<StartOptions, 'worktree'>): Promise<TerminalProgram> {
  return world.start(name, { ...options, worktree });
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
