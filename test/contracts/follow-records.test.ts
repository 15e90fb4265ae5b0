import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import type { FollowedSession } from '../../src/ports/agent.ts';
import { HeardReports } from '../support/heard-reports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

// Which files are a session's own, while they are written.

const startedAt = Date.parse('2026-03-01T10:00:00.000Z');
let root: string;

beforeEach(async () => {
  root = temporaryFolder();
  await mkdir(join(root, 'worktrees/one'), { recursive: true });
  await mkdir(join(root, 'worktrees/two'));
});

interface Place {
  worktree?: string;
  conversation?: string | null;
  endedAt?: number;
}

function sessionOf(agent: string, { worktree = 'one', conversation = null, endedAt }: Place): FollowedSession {
  return {
    definition: { name: 'mine', adapter: agent, command: [], env: { HOME: root } },
    ...{ environment: {}, repository: root, worktree: join(root, 'worktrees', worktree), session: 'r1.1', startedAt },
    recordsDirectory: join(root, 'records'),
    ...{ conversation, endedAt: () => endedAt ?? null },
  };
}

function follow(agent: string, place: Place): HeardReports {
  const heard = new HeardReports();
  onTestFinished(() => heard.dispose());
  heard.follow(agent, sessionOf(agent, place));
  return heard;
}

/** Waits until the prompts are these, and shows what they are instead. */
async function untilPrompts(heard: HeardReports, prompts: string[]): Promise<void> {
  await until(`the prompts ${prompts}`, () => heard.prompts.join() === prompts.join(), {
    shown: () => heard.prompts.join(),
    timeoutMs: 5_000,
  });
}

function after(seconds: number): string {
  return new Date(startedAt + seconds * 1_000).toISOString();
}

async function write(path: string, ...records: object[]): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** As Claude Code 2.1.329 names the folder of worktree one. */
function transcript(id: string): string {
  return `.claude/projects/${join(root, 'worktrees/one').replaceAll(/[^a-zA-Z0-9]/g, '-')}/${id}.jsonl`;
}

function said(text: string, seconds: number, worktree = 'one') {
  const cwd = join(root, 'worktrees', worktree);
  return { type: 'user', uuid: text, timestamp: after(seconds), cwd, message: { role: 'user', content: text } };
}

function used(id: string, input: number, seconds: number) {
  const usage = { input_tokens: input, output_tokens: 1 };
  return {
    type: 'assistant',
    timestamp: after(seconds),
    message: { id, model: 'large', stop_reason: 'tool_use', usage },
  };
}

test('Claude Code: a transcript is found by its id, with its sub-agents, while they are written', async () => {
  const heard = follow('claude-code', { conversation: 'c1' });
  await write(transcript('other'), said('not ours', 1));
  await write(transcript('c1'), { type: 'mode' }, said('first', 1), used('m1', 10, 2));
  await untilPrompts(heard, ['first']);
  await write(transcript('c1/subagents/deep/agent-a'), said('go and look', 3), used('m2', 7, 3));
  await until('the sub-agent is counted', () => heard.tokens.input === 17);
  const line = JSON.stringify(said('second', 4));
  await appendFile(join(root, transcript('c1')), line.slice(0, 40));
  await write(transcript('c1/subagents/agent-b'), used('m3', 5, 4));
  await until('the other sub-agent is counted', () => heard.tokens.input === 22);
  expect(heard.prompts).toEqual(['first']);
  await appendFile(join(root, transcript('c1')), `${line.slice(40)}\n`);
  await untilPrompts(heard, ['first', 'second']);
});

test('Claude Code: a conversation that began elsewhere is found in whatever folder it is', async () => {
  const elsewhere = '.claude/projects/-a-long-name-5cmi6q/c1.jsonl';
  await write(elsewhere, said('first', 1, 'two'));
  const heard = follow('claude-code', { conversation: 'c1' });
  await untilPrompts(heard, ['first']);
});

test('Claude Code: /clear leads to the next conversation, once and not to one of somebody else', async () => {
  const clear = '<command-name>/clear</command-name>';
  const heard = follow('claude-code', { conversation: 'c1', endedAt: startedAt + 60_000 });
  await write(transcript('c1'), said('first', 1));
  await untilPrompts(heard, ['first']);
  await write(transcript('before'), said(clear, -5), said('of an earlier run', -4));
  await write(transcript('later'), said(clear, 90), said('of a later run', 91));
  await write(transcript('elsewhere'), said(clear, 5, 'two'), said('of another worktree', 6, 'two'));
  await write(transcript('by-hand'), said('a person beside it', 5));
  await write(transcript('c2'), said(clear, 10), said('second', 11));
  await untilPrompts(heard, ['first', 'second']);
  expect(heard.conversation).toBe('c2');
  await write(transcript('c3'), said(clear, 20), said('third', 21));
  await untilPrompts(heard, ['first', 'second', 'third']);
  expect(heard.conversation).toBe('c3');
});

test('Claude Code: a conversation that the command chose is the one that is written in the worktree; what was before is not ours', async () => {
  const heard = follow('claude-code', {});
  await write(transcript('elsewhere'), said('not ours', 2, 'two'));
  await write(transcript('chosen'), said('long ago', -500), used('m1', 10, -499), said('now', 2), used('m2', 7, 3));
  await untilPrompts(heard, ['now']);
  await until('only the new call is counted', () => heard.tokens.input === 7);
  expect(heard.conversation).toBe('chosen');
});

function rollout(thread: string, seconds: number, meta: object = {}) {
  const path = `.codex/sessions/2026/03/01/rollout-2026-03-01T10-00-00-${thread}.jsonl`;
  const cwd = join(root, 'worktrees/one');
  const payload = { id: thread, session_id: thread, timestamp: after(seconds), cwd, source: 'cli', ...meta };
  return { path, first: { type: 'session_meta', timestamp: after(seconds), payload } };
}

function asked(text: string, seconds: number) {
  const item = { type: 'UserMessage', id: text, content: [{ type: 'text', text }] };
  return { type: 'event_msg', timestamp: after(seconds), payload: { type: 'item_completed', item } };
}

function counted(response: string, input: number, seconds: number) {
  const payload = { response_id: response, usage: { input_tokens: input, output_tokens: 1 } };
  return { type: 'token_usage_record', timestamp: after(seconds), payload };
}

test('Codex: two that began in the same second are told apart by their worktrees, behind a link as well', async () => {
  await symlink(join(root, 'worktrees/two'), join(root, 'worktrees/link'));
  const [one, two] = [follow('codex', {}), follow('codex', { worktree: 'link' })];
  const [first, second] = [rollout('t1', 0), rollout('t2', 0, { cwd: join(root, 'worktrees/two') })];
  await write(first.path, first.first, asked('for one', 1), counted('a', 10, 1));
  await write(second.path, second.first, asked('for two', 1), counted('b', 20, 1));
  await untilPrompts(one, ['for one']);
  await untilPrompts(two, ['for two']);
  expect([one.conversation, two.conversation]).toEqual(['t1', 't2']);
  expect([one.tokens.input, two.tokens.input]).toEqual([10, 20]);
});

test('Codex: sub-agents are counted; scripts, earlier and later sessions are not; a new conversation is followed', async () => {
  const heard = follow('codex', { endedAt: startedAt + 60_000 });
  const others = [rollout('t0', -5), rollout('t8', 5, { source: 'exec' }), rollout('t9', 90)];
  for (const { path, first } of others) await write(path, first, asked('not ours', 6), counted(path, 1_000, 6));
  const own = rollout('t1', 1);
  await write(own.path, own.first, asked('first', 1), counted('a', 10, 1));
  const source = { subagent: { thread_spawn: { parent_thread_id: 't1' } } };
  const subAgent = rollout('t2', 2, { session_id: 't1', source });
  await write(subAgent.path, subAgent.first, asked('go and look', 2), counted('b', 7, 2));
  await until('both are counted', () => heard.tokens.input === 17, { shown: () => JSON.stringify(heard.tokens) });
  expect(heard.prompts).toEqual(['first']);
  const next = rollout('t3', 10);
  await write(next.path, next.first, asked('second', 11));
  await untilPrompts(heard, ['first', 'second']);
  expect(heard.conversation).toBe('t3');
});

test('Codex: a conversation that goes on is found on the day on which it began', async () => {
  const began = rollout('t1', -864_000);
  const path = began.path.replace('2026/03/01', '2026/02/19');
  await write(path, began.first, asked('long ago', -864_000), counted('a', 10, -864_000));
  const heard = follow('codex', { conversation: 't1' });
  await untilPrompts(heard, ['long ago']);
  await write(path, asked('now', 2), counted('b', 7, 2));
  await untilPrompts(heard, ['long ago', 'now']);
  await until('both are counted', () => heard.tokens.input === 17);
});

test.each(['claude-code', 'codex'])('%s holds a conversation that has begun, and no other', async (agent) => {
  const adapter = findAdapter(agent)!;
  const holds = (conversation: string | null) => adapter.holdsConversation!(sessionOf(agent, { conversation }));
  expect([await holds(null), await holds('c1')]).toEqual([false, false]);
  const own = rollout('c1', 1);
  await write(own.path, own.first);
  await write(transcript('c1'), said('first', 1));
  await writeFile(join(root, transcript('empty')), '{"type":"mode"}\n');
  expect([await holds('c1'), await holds('c'), await holds('empty')]).toEqual([true, false, false]);
});
