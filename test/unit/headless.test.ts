import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { threadSettings } from '../../src/agents/codex/headless/thread-settings.ts';
import { describeTool } from '../../src/agents/headless/describe-tool.ts';
import { parseArguments } from '../../src/agents/headless/headless-arguments.ts';
import { followRecord, writeReport } from '../../src/agents/headless/record.ts';
import { agentAdapters, findAdapter } from '../../src/agents/registry.ts';
import { runtimes } from '../../src/agents/runtimes.ts';
import { sessionUuid } from '../../src/agents/session-uuid.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { forgeCommand } from '../support/forge-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { agentFolder, launchRequest } from './support/agent-folder.ts';

const names = agentAdapters.map(({ name }) => name).filter((name) => name.endsWith('-headless'));

test('each agent without a screen has somebody who talks to it', () => {
  expect(names).toEqual(Object.keys(runtimes));
});

test.each(names)('%s is started by Forge, with no prompt among the arguments', async (name) => {
  await using folder = await agentFolder(['agent.sh']);
  const command = ['./agent.sh', '--extra', '--', 'a b'];
  const request = launchRequest(folder.path, { command, prompt: 'my secret plan' });
  const launch = await findAdapter(name)!.launch(request);
  expect(launch.command.slice(0, 3)).toEqual([...forgeCommand, '__headless']);
  expect(launch.command.join(' ')).not.toContain('secret');
  expect(launch.env.FORGE_PROMPT).toBe('my secret plan');
  expect(parseArguments(launch.command.slice(3))).toEqual({
    name,
    command: [join(folder.path, 'agent.sh'), '--extra', '--', 'a b'],
    conversation: /claude|gemini/.test(name) ? sessionUuid(folder.path, request.session) : null,
    isResumed: false,
    fork: null,
    record: join(request.recordsDirectory, 'headless', `${request.session}.jsonl`),
    silenceMs: 600_000,
  });
});

test.each(names)('%s goes on with a conversation, as silent as its definition allows', async (name) => {
  await using folder = await agentFolder(['agent.sh']);
  const request = launchRequest(folder.path, { command: ['./agent.sh'] });
  const launch = await findAdapter(name)!.launch({
    ...request,
    definition: { ...request.definition, silenceMs: 30_000 },
    resume: 'c1',
  });
  expect(launch.conversation).toBe('c1');
  expect(parseArguments(launch.command.slice(3))).toMatchObject({
    conversation: 'c1',
    isResumed: true,
    silenceMs: 30_000,
  });
});

// opencode itself is asked for the copy: see agents.test.ts.
const forking = names.filter((name) => name !== 'opencode-headless');

test.each(forking)('%s begins with a copy of a conversation, which has an id of its own', async (name) => {
  await using folder = await agentFolder(['agent.sh']);
  const request = launchRequest(folder.path, { command: ['./agent.sh'], fork: 'c1' });
  const launch = await findAdapter(name)!.launch(request);
  const { conversation, isResumed, fork } = parseArguments(launch.command.slice(3));
  expect(conversation).toBe(name.startsWith('claude') ? sessionUuid(folder.path, request.session) : null);
  expect(launch.conversation).toBe(conversation);
  expect(isResumed).toBe(false);
  // Gemini CLI is given a file of it.
  expect(fork).toBe(name.startsWith('gemini') ? join(request.recordsDirectory, 'gemini', 'r2k7.1-of-c1.jsonl') : 'c1');
});

test('a definition that chooses a conversation itself is left alone', async () => {
  await using folder = await agentFolder(['agent.sh']);
  const request = launchRequest(folder.path, { command: ['./agent.sh', '--resume', 'mine'] });
  const launch = await findAdapter('claude-code-headless')!.launch({ ...request, resume: 'c1' });
  expect(launch.conversation).toBeNull();
  expect(parseArguments(launch.command.slice(3))).toMatchObject({ conversation: null, isResumed: false });
});

test.each([
  { own: [], thread: {}, others: [] },
  { own: ['-s', 'read-only', '-c', 'a=b'], thread: { sandbox: 'read-only' }, others: ['-c', 'a=b'] },
  { own: ['--model=m=1', '-a', 'never'], thread: { model: 'm=1', approvalPolicy: 'never' }, others: [] },
])('of $own Codex is told $thread by its thread', ({ own, thread, others }) => {
  expect(threadSettings(own)).toEqual({ thread, others });
});

test.each([
  ['Bash', { command: 'ls\n  -la', description: 'lists' }, 'Bash: ls -la'],
  ['Write', { content: 'x', file_path: '/a/b' }, 'Write: /a/b'],
  ['Odd', { one: 1 }, 'Odd: {"one":1}'],
  ['Bare', {}, 'Bare'],
  ['Long', { command: 'x'.repeat(500) }, `Long: ${'x'.repeat(293)}…`],
])('%s with %j is shown as %s', (name, input, shown) => {
  expect(describeTool(name, input)).toBe(shown);
});

test('what was written down is told from its beginning, and what cannot be read is left out', async () => {
  const path = join(temporaryFolder(), 'records', 's.jsonl');
  const reports: AgentReport[] = [
    { type: 'conversation', id: 'c1' },
    { type: 'prompt', key: 'p1', text: 'two\nlines', at: 1 },
    {
      type: 'usage',
      entry: { key: 'u1', model: 'm', tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 }, usd: null, at: 2 },
    },
    { type: 'answer', at: 3 },
    { type: 'limit', until: null, reason: 'slow down', at: 4 },
  ];
  for (const report of reports) expect(writeReport(path, report)).toBe(true);
  appendFileSync(
    path,
    '{"type":"of a later version"}\nnot json\n{"type":"answer","at":"noon"}\n{"type":"answer","at":5}\n',
  );
  const heard: AgentReport[] = [];
  const following = followRecord(path, (report) => heard.push(report));
  onTestFinished(() => following.dispose());
  await until('the last is told', () => heard.some((report) => report.type === 'answer' && report.at === 5));
  expect(heard).toEqual([...reports, { type: 'answer', at: 5 }]);
});

test('a conversation that cannot be written down goes on', () => {
  expect(writeReport('/dev/null/s.jsonl', { type: 'answer', at: 1 })).toBe(false);
});
