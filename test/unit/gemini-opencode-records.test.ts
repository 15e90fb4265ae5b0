import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { forkedChats } from '../../src/agents/gemini/chat-copies.ts';
import { begunChats, findChat, followChats } from '../../src/agents/gemini/chat-files.ts';
import { withCleared } from '../../src/agents/gemini/cleared-chats.ts';
import { holdsWords } from '../../src/agents/gemini/holds-words.ts';
import { readChat } from '../../src/agents/gemini/read-chat.ts';
import { installRecorder, recorderEnvironment, recordPath } from '../../src/agents/opencode/install-recorder.ts';
import { readRecord } from '../../src/agents/opencode/read-record.ts';
import { makeRecorder } from '../../src/agents/opencode/recorder.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { until } from '../support/until.ts';
import { agentFolder } from './support/agent-folder.ts';

const fixtures = join(import.meta.dirname, '../fixtures/agent-records');

/** Of opencode, as its plugins get it: what it was asked for. */
const given: unknown[] = [];
const note = async (asked: unknown) => given.push(asked);
const client = { session: { promptAsync: note, update: note } };

/** A report as a line: type and what it says, without times and ids. */
function lineOf(report: AgentReport): string {
  switch (report.type) {
    case 'conversation':
      return `conversation ${report.id}`;
    case 'prompt':
      return `prompt ${report.text}`;
    case 'answer':
      return 'answer';
    case 'usage': {
      const { model, tokens, usd } = report.entry;
      return `usage ${model} ${tokens.input} ${tokens.output} ${tokens.cacheRead} ${tokens.cacheWrite} ${usd}`;
    }
    case 'state':
      return `${report.state} ${report.reason}`.trim();
    case 'limit':
      return `limit ${report.reason}`;
    case 'turn':
      return `turn ${report.is}`;
    case 'action':
      return `did ${report.name}${report.isError ? ', failed' : ''}`;
  }
}

async function opencodeReports(name: string): Promise<AgentReport[]> {
  const reports: AgentReport[] = [];
  const read = readRecord(null, (report) => reports.push(report));
  const plugin = await makeRecorder((_path, text) => read(text), { FORGE_RECORD: 'record' })({ client });
  for (const line of (await readFile(join(fixtures, 'opencode-1.18.33', name), 'utf8')).trim().split('\n'))
    await plugin.event({ event: JSON.parse(line) });
  return reports;
}

test('opencode: prompt, permission, failure, limit, denial', async () => {
  const reports = await opencodeReports('permission-failure-limit-denial.jsonl');
  expect(reports.map(lineOf)).toEqual([
    ...['conversation ses_e01a7a47cffe8z1r42iPZItkVZ', 'prompt -say "hi" to $HOME\nand then 表'],
    ...['busy', 'usage mock-1 2000 100 500 0 0.00765', 'answer', 'idle'],
    ...['prompt make hello now', 'busy', 'waiting asks for permission: edit a.txt', 'busy', 'did write'],
    ...['usage mock-1 1000 50 300 0 0.00384', 'usage mock-1 1100 20 900 0 0.00387', 'answer', 'idle'],
    ...['prompt please fail', 'busy', 'failed bad thing'],
    ...['prompt limit now', 'busy', 'limit slow down', 'busy tries again: slow down', 'busy'],
    ...['usage mock-1 5 5 0 0 0.00009', 'answer', 'idle'],
    ...['prompt shell now', 'busy', 'waiting asks for permission: bash env > env.txt', 'busy', 'did bash, failed'],
    ...['usage mock-1 500 5 0 0 0.001575', 'idle'],
  ]);
  expect(reports.find(({ type }) => type === 'limit')).toMatchObject({ until: 1795268582332 });
});

test('opencode: a question, an interruption, a sub-agent whose tokens count and whose prompt does not', async () => {
  expect((await opencodeReports('question-interrupt-sub-agent.jsonl')).map(lineOf)).toEqual([
    ...['conversation ses_e01a46fccffe1M5wO3r25gxw3v', 'prompt shell now', 'busy', 'did bash'],
    ...['usage mock-1 500 5 0 0 0.001575', 'usage mock-1 600 7 0 0 0.001905', 'answer', 'idle'],
    ...['prompt question now', 'busy', 'waiting asks: Which?', 'busy', 'did question'],
    ...['usage mock-1 500 5 0 0 0.001575', 'usage mock-1 600 7 0 0 0.001905', 'answer', 'idle'],
    ...['prompt please hold', 'busy', 'idle'],
    ...['prompt please hold', 'busy', 'usage mock-1 9 9 0 0 0.000162', 'answer', 'idle'],
    ...['prompt run task', 'busy', 'usage mock-1 2000 100 500 0 0.00765', 'did task', 'usage mock-1 50 5 0 0 0.000225'],
    ...['usage mock-1 60 7 0 0 0.000285', 'answer', 'idle'],
  ]);
});

test('opencode: a line that cannot be read costs that line alone', () => {
  const reports: AgentReport[] = [];
  const read = readRecord('ses_1', (report) => reports.push(report));
  for (const line of ['{"at":1,"type":"ses', '7', '{"at":1,"type":"message.part.updated","tokens":{}}'])
    expect(() => read(line)).not.toThrow();
  read('{"at":2,"type":"session.status","session":"ses_1","status":{"type":"busy"}}');
  expect(reports).toEqual([{ type: 'state', state: 'busy', reason: '', at: 2 }]);
});

test('the recorder takes its variable away, so that an opencode started by the agent records nothing', async () => {
  const environment: Record<string, string | undefined> = { FORGE_RECORD: 'record', FORGE_RESUME: 'ses_1' };
  makeRecorder(() => {}, environment);
  expect(environment).toEqual({});
  const inner = await makeRecorder(() => expect.unreachable(), environment)({ client });
  await inner.event({ event: { type: 'session.status', properties: { sessionID: 's', status: { type: 'busy' } } } });
});

test('a resumed session is given its prompt once, and a prompt that is not taken is a failure', async () => {
  given.length = 0;
  const lines: string[] = [];
  const environment = { FORGE_RECORD: 'record', FORGE_RESUME: 'ses_1', FORGE_PROMPT: '/go on' };
  const plugin = makeRecorder((_path, text) => lines.push(text), { ...environment });
  await plugin({ client });
  await plugin({ client });
  await until('it is given', () => given.length > 0);
  expect(given).toEqual([{ path: { id: 'ses_1' }, body: { parts: [{ type: 'text', text: '/go on' }] } }]);

  const refuse = { session: { ...client.session, promptAsync: () => Promise.reject(new Error('no model')) } };
  await makeRecorder((_path, text) => lines.push(text), { ...environment })({ client: refuse });
  await until('it is written', () => lines.length > 0);
  const reports: AgentReport[] = [];
  readRecord('ses_1', (report) => reports.push(report))(lines[0]);
  expect(reports.map(lineOf)).toEqual(['failed The prompt was not taken: Error: no model']);
});

test('opencode: a conversation without a title is named after its first prompt', async () => {
  given.length = 0;
  const plugin = await makeRecorder(() => {}, { FORGE_RECORD: 'record' })({ client });
  const tell = (type: string, properties: object) => plugin.event({ event: { type, properties } });
  const say = async (sessionID: string, text: string) => {
    await tell('message.updated', { info: { id: 'u', role: 'user', sessionID } });
    await tell('message.part.updated', { part: { id: 'p', messageID: 'u', sessionID, type: 'text', text } });
  };
  const begin = (id: string, title: string, parentID?: string) =>
    tell('session.created', { info: { id, title, parentID } });
  await begin('new', 'New session - 2026-11-21T13:42:45.892Z');
  await begin('named', 'Mine');
  await begin('sub-agent', 'New session - 2026-11-21T13:42:45.892Z', 'new');
  await say('new', `\nFix the ${'表'.repeat(80)}\n\nSoon.`);
  for (const session of ['new', 'named', 'sub-agent']) await say(session, 'More');
  expect(given).toEqual([{ path: { id: 'new' }, body: { title: `Fix the ${'表'.repeat(52)}` } }]);
});

test('opencode: what a person has copied into a session by /fork is not counted again', async () => {
  const reports: AgentReport[] = [];
  const read = readRecord('ses_1', (report) => reports.push(report));
  const plugin = await makeRecorder((_path, text) => read(text), { FORGE_RECORD: 'record' })({ client });
  const tell = (type: string, properties: object) => plugin.event({ event: { type, properties } });
  const message = (id: string, role: string, created: number) =>
    tell('message.updated', {
      info: { id, role, sessionID: 'ses_2', modelID: 'm', finish: 'stop', time: { created, completed: created + 1 } },
    });
  const part = (id: string, messageID: string, more: object) =>
    tell('message.part.updated', { part: { id, messageID, sessionID: 'ses_2', ...more } });
  const tokens = { input: 1, output: 2, reasoning: 0, cache: { read: 0, write: 0 } };
  await tell('session.created', { info: { id: 'ses_2', time: { created: 1_000 } } });
  await message('u1', 'user', 10);
  await part('p1', 'u1', { type: 'text', text: 'the first way' });
  await message('a1', 'assistant', 20);
  await part('p2', 'a1', { type: 'step-finish', tokens, cost: 1 });
  await message('u2', 'user', 1_000);
  await part('p3', 'u2', { type: 'text', text: 'the other way' });
  await message('a2', 'assistant', 1_001);
  await part('p4', 'a2', { type: 'step-finish', tokens, cost: 1 });
  expect(reports.map(lineOf)).toEqual(['conversation ses_2', 'prompt the other way', 'answer', 'usage m 1 2 0 0 1']);
});

test('the recorder as opencode loads it writes a line an event, for its owner alone', async () => {
  await using folder = await agentFolder([]);
  await Promise.all([installRecorder(folder.path), installRecorder(folder.path)]);
  const path = recordPath(folder.path, 'r1.1');
  process.env.FORGE_RECORD = path;
  const { ForgeRecorder } = await import(pathToFileURL(join(folder.path, 'opencode', 'recorder.js')).href);
  expect(process.env.FORGE_RECORD).toBeUndefined();
  const { event } = await ForgeRecorder({ client });
  await event({ event: { type: 'session.status', properties: { sessionID: 's', status: { type: 'busy' } } } });
  await event({ event: { type: 'permission.asked', properties: null } });
  const [line, ...rest] = (await readFile(path, 'utf8')).split('\n');
  expect(JSON.parse(line)).toMatchObject({ type: 'session.status', session: 's', status: { type: 'busy' } });
  expect(rest).toEqual(['']);
});

test('records that are a month old are removed at the next start', async () => {
  await using folder = await agentFolder([]);
  await mkdir(join(folder.path, 'opencode'));
  const monthAgo = (Date.now() - 31 * 24 * 3_600_000) / 1_000;
  for (const session of ['old', 'new']) await writeFile(recordPath(folder.path, session), '');
  await utimes(recordPath(folder.path, 'old'), monthAgo, monthAgo);
  await installRecorder(folder.path);
  expect((await readdir(join(folder.path, 'opencode'))).sort()).toEqual(['new.jsonl', 'recorder.js']);
});

test.each([
  { given: undefined, plugins: ['file:///records/opencode/recorder.js'] },
  {
    given: '{"model":"a/b","plugin":["own"]}',
    plugins: ['own', 'file:///records/opencode/recorder.js'],
    model: 'a/b',
  },
  { given: '{"plugin":["file:///records/opencode/recorder.js"]}', plugins: ['file:///records/opencode/recorder.js'] },
  {
    given: '{"agent":{"title":{"model":"a/small"},"build":{}}}',
    plugins: ['file:///records/opencode/recorder.js'],
    agent: { title: { model: 'a/small' }, build: {} },
  },
])('the recorder is added to the settings $given', ({ given, plugins, model, agent }) => {
  const env = recorderEnvironment(
    given === undefined ? {} : { OPENCODE_CONFIG_CONTENT: given },
    '/records',
    'r1.1',
    null,
  );
  const added = { plugin: plugins, agent: agent ?? { title: { disable: true } } };
  expect(JSON.parse(env.OPENCODE_CONFIG_CONTENT)).toEqual({ ...(model && { model }), ...added });
  expect(env.FORGE_RECORD).toBe('/records/opencode/r1.1.jsonl');
});

test('settings with comments are left to the person', () => {
  const env = { OPENCODE_CONFIG_CONTENT: '{ /* mine */ }' };
  expect(recorderEnvironment(env, '/records', 'r1.1', null)).toBe(env);
});

const chat = join(fixtures, 'gemini-0.61.0', 'prompts-permission-failure-cancel-resume.jsonl');

test('Gemini CLI: prompts once each though its history is written anew, tokens once a call, failures', async () => {
  const lines: string[] = [];
  const read = readChat((report) => lines.push(lineOf(report)));
  for (const line of (await readFile(chat, 'utf8')).split('\n')) read(line);
  expect(lines).toEqual([
    ...['prompt say "hi" to $HOME\nand then 表', 'turn open'],
    ...['turn answered', 'usage gemini-2.5-pro 2000 110 500 0 null'],
    ...['prompt make hello now', 'turn open', 'turn answered', 'usage gemini-2.5-pro 1000 50 300 0 null'],
    // Written again when its tools have run, under the same key.
    ...['did write_file', 'turn open', 'usage gemini-2.5-pro 1000 50 300 0 null'],
    ...['turn answered', 'usage gemini-2.5-pro 1100 20 900 0 null'],
    ...['prompt please fail', 'turn open', 'failed bad thing', 'turn stopped'],
    ...['prompt please hold', 'turn open', 'turn stopped'],
    ...['prompt limit now', 'turn open', 'turn answered', 'usage gemini-2.5-pro 5 5 0 0 null'],
    ...['prompt shell now', 'turn open', 'turn answered', 'usage gemini-2.5-pro 500 5 0 0 null'],
    ...['turn open', 'usage gemini-2.5-pro 500 5 0 0 null', 'turn stopped'],
    ...['prompt /exit', 'turn open', 'turn answered', 'usage gemini-2.5-pro 2000 110 500 0 null'],
  ]);
});

test.each([
  { message: 'Quota exceeded. Please retry in 34.5s.', until: 1_034_500 },
  { message: 'Quota exceeded.', until: null },
])('Gemini CLI: a limit until $until', ({ message, until: expected }) => {
  const reports: AgentReport[] = [];
  const failure = JSON.stringify({ error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } });
  const at = new Date(1_000_000).toISOString();
  readChat((report) => reports.push(report))(
    JSON.stringify({ id: 'e', timestamp: at, type: 'error', content: `[API Error: ${failure}]` }),
  );
  expect(reports).toEqual([
    { type: 'limit', until: expected, reason: message, at: 1_000_000 },
    { type: 'state', state: 'failed', reason: message, at: 1_000_000 },
    { type: 'turn', is: 'stopped', at: 1_000_000 },
  ]);
});

test('Gemini CLI: a fork is found by the file that it was made of, and what was copied is not its own', async () => {
  await using home = await agentFolder([]);
  const folder = join(home.path, 'tmp', 'fg-2', 'chats');
  await mkdir(folder, { recursive: true });
  const place = { recordsDirectory: '/records', session: 'fg-2-1.1', startedAt: 0 };
  const find = forkedChats(home.path, place);
  expect(await find()).toEqual([]);
  const begun = '2026-11-21T14:00:00.000Z';
  const imported = (from: string) => ({
    id: 'import-1',
    type: 'info',
    timestamp: begun,
    content: `Imported session from ${from}`,
  });
  const said = (id: string, type: string, timestamp: string, more: object) => ({ id, type, timestamp, ...more });
  const answer = { content: 'a', model: 'm', tokens: { input: 3, output: 2, cached: 1, thoughts: 0, tool: 0 } };
  const lines = [
    { sessionId: 'other-id', startTime: begun },
    imported('/records/gemini/fg-2-1.1-of-c1.jsonl'),
    said('u1', 'user', '2026-11-21T13:50:00Z', { content: 'the first way' }),
    said('a1', 'gemini', '2026-11-21T13:50:02Z', answer),
    said('u2', 'user', '2026-11-21T14:00:01Z', { content: 'the other way' }),
    said('a2', 'gemini', '2026-11-21T14:00:02Z', answer),
  ];
  const write = (name: string, all: object[]) =>
    writeFile(join(folder, name), all.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await write('session-1-mine.jsonl', [
    { sessionId: 'mine', startTime: begun },
    imported('/records/gemini/fg-2-1-of-c1.jsonl'),
  ]);
  expect(await find()).toEqual([]);
  await write('session-2-other-id.jsonl', lines.slice(0, 1));
  expect(await find()).toEqual([]);
  await write('session-2-other-id.jsonl', lines);
  const fork = { path: join(folder, 'session-2-other-id.jsonl'), conversation: 'other-id' };
  expect(await find()).toEqual([fork]);
  // Its program has started itself anew.
  await write('session-3-newer-id.jsonl', [{ sessionId: 'newer-id', startTime: begun }, ...lines.slice(1)]);
  expect((await find()).map(({ conversation }) => conversation)).toEqual(['other-id', 'newer-id']);
  expect(await forkedChats(home.path, { ...place, startedAt: Date.now() + 60_000 })()).toEqual([]);
  const heard: string[] = [];
  const read = readChat((report) => heard.push(lineOf(report)));
  for (const line of lines) read(JSON.stringify(line));
  expect(heard).toEqual(['prompt the other way', 'turn open', 'turn answered', 'usage m 2 2 1 0 null']);
});

test('Gemini CLI: what a resume leaves, with nothing said in it, is not taken for the conversation', async () => {
  await using home = await agentFolder([]);
  const folder = join(home.path, 'tmp', 'fg-1', 'chats');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'session-2026-11-21T13-50-11111111.jsonl'), 'all that was said');
  await writeFile(join(folder, 'session-2026-11-21T14-00-11111111.jsonl'), 'nothing');
  expect(await findChat(home.path, '11111111-2222-5333-8444-555555555555')).toContain('T13-50-');
});

const surroundings = { id: 'c', type: 'user', content: [{ text: '<session_context>\nToday' }] };
test.each([
  { says: 'nothing', lines: [{ sessionId: 'a' }], holds: false },
  { says: 'its surroundings alone', lines: [{ sessionId: 'a' }, { $set: { messages: [surroundings] } }], holds: false },
  { says: 'a command of the program', lines: [{ id: 'u', type: 'user', content: '/help' }], holds: false },
  { says: 'a prompt', lines: [{ id: 'u', type: 'user', content: [{ text: 'bake' }] }], holds: true },
  { says: 'a prompt in a history', lines: [{ $set: { messages: [surroundings, { type: 'gemini' }] } }], holds: true },
])('Gemini CLI goes on with a conversation that holds $says: $holds', async ({ lines, holds }) => {
  await using home = await agentFolder([]);
  const path = join(home.path, 'chat.jsonl');
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(await holdsWords(path)).toBe(holds);
});

test('Gemini CLI: a conversation is found by its id in whichever project, and its sub-agents cost', async () => {
  await using home = await agentFolder([]);
  const id = '11111111-2222-5333-8444-555555555555';
  const folder = join(home.path, 'tmp', 'fg-1', 'chats');
  const message = (key: string) =>
    `${JSON.stringify({ id: key, timestamp: '2026-11-21T13:50:02Z', type: 'gemini', content: 'a', model: 'm', tokens: { input: 3, output: 2, cached: 1, thoughts: 0, tool: 0 } })}\n`;
  await mkdir(join(folder, id), { recursive: true });
  expect(await findChat(home.path, id)).toBeNull();
  const path = join(folder, 'session-2026-11-21T13-50-11111111.jsonl');
  await writeFile(path, message('a'));
  await writeFile(join(folder, id, 'helper.jsonl'), message('b'));
  expect(await findChat(home.path, id)).toBe(path);
  expect(await findChat(home.path, null)).toBeNull();
  const keys: string[] = [];
  const chat = { path, conversation: id };
  const following = followChats(
    async () => [chat],
    id,
    (report) => report.type === 'usage' && keys.push(report.entry.key),
  );
  await until('both are read', () => keys.length === 2);
  following.dispose();
  expect(keys.sort()).toEqual(['a', 'b']);
});

test('Gemini CLI: a conversation that /clear began in the same program is gone on with, and one of another program is not', async () => {
  await using home = await agentFolder([]);
  const project = join(home.path, 'tmp', 'fg-1');
  const folder = join(project, 'chats');
  await mkdir(folder, { recursive: true });
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 14, 0, second)).toISOString();
  const begin = async (id: string, second: number) => {
    const path = join(folder, `session-2026-11-21T14-00-${id.slice(0, 8)}.jsonl`);
    await writeFile(path, `${JSON.stringify({ sessionId: id, startTime: at(second), kind: 'main' })}\n`);
    return { path, conversation: id };
  };
  const log = (...said: [program: string, message: string, second: number][]) => {
    const entries = said.map(([sessionId, message, second]) => ({ sessionId, message, timestamp: at(second) }));
    return writeFile(join(project, 'logs.json'), JSON.stringify(entries));
  };
  const first = await begin('11111111-first', 0);
  const other = await begin('99999999-other', 1);
  const ours = withCleared(begunChats(home.path, first.conversation));
  const theirs = withCleared(begunChats(home.path, other.conversation));
  expect(await ours()).toEqual([first]);

  const second = await begin('22222222-second', 11);
  const said: Parameters<typeof log> = [
    [first.conversation, 'Say /clear', 5],
    [first.conversation, '/clear', 10],
  ];
  await log(...said);
  expect(await ours()).toEqual([first, second]);
  expect(await theirs()).toEqual([other]);

  // Half of the log is written; then another clear, and one that the other program is given later.
  await writeFile(join(project, 'logs.json'), '[{"sess');
  expect(await ours()).toEqual([first, second]);
  const third = await begin('33333333-third', 21);
  const fourth = await begin('44444444-fourth', 41);
  await log(...said, [first.conversation, '/new', 20], [other.conversation, '/clear', 40]);
  expect(await ours()).toEqual([first, second, third]);
  expect(await theirs()).toEqual([other, fourth]);

  // One that was started in the moment in which another program was given it, and is not that one's.
  const late = await begin('55555555-late', 43);
  const fifth = await begin('66666666-fifth', 51);
  await log(
    ...said,
    [first.conversation, '/new', 20],
    [other.conversation, '/clear', 40],
    [other.conversation, '/clear', 50],
  );
  expect(await withCleared(begunChats(home.path, late.conversation))()).toEqual([late]);
  expect(await theirs()).toEqual([other, fourth, fifth]);

  // Whoever knows only the second conversation follows the same program, from there on.
  expect(await withCleared(begunChats(home.path, second.conversation))()).toEqual([second, third]);
});
