import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TranscriptReader } from '../../src/agents/claude-code/transcript-reader.ts';
import { UnlistedUsage } from '../../src/agents/claude-code/unlisted-usage.ts';
import { RolloutReader } from '../../src/agents/codex/rollout-reader.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import type { UsageEntry } from '../../src/domain/usage.ts';
import { HeardReports } from '../support/heard-reports.ts';

// Records of the real programs (test/fixtures/agent-records says how they were made) and what is read from them.

const records = join(import.meta.dirname, '../fixtures/agent-records');

function linesOf(name: string): string[] {
  return readFileSync(join(records, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

interface Part {
  name: string;
  isSubAgent?: boolean;
}

function readClaude(parts: readonly Part[], hear: (report: AgentReport) => void): void {
  const reader = new TranscriptReader('c1', 0, hear);
  for (const { name, isSubAgent } of parts)
    for (const line of linesOf(`claude-code-2.1.329/${name}`))
      if (isSubAgent) reader.readSubAgent(line);
      else reader.readMain(line);
  reader.settle();
}

function readCodex(
  parts: readonly Part[],
  hear: (report: AgentReport) => void,
  isKept = (_line: string) => true,
): void {
  for (const { name, isSubAgent = false } of parts) {
    const reader = new RolloutReader(name, isSubAgent, hear);
    for (const line of linesOf(`codex-0.169.0/${name}`)) if (isKept(line)) reader.read(line);
  }
}

function inShort(report: AgentReport): string {
  if (report.type === 'prompt') return `prompt ${report.text}`;
  if (report.type === 'limit')
    return `limit ${report.until === null ? '?' : new Date(report.until).toISOString()} ${report.reason}`;
  if (report.type === 'state') return `${report.state} ${report.reason}`;
  if (report.type === 'action') return `did ${report.name}${report.isError ? ', failed' : ''}`;
  if (report.type !== 'usage') return report.type;
  const { input, output, cacheRead, cacheWrite } = report.entry.tokens;
  const name = report.entry.key.startsWith('unlisted') ? report.entry.key : 'call';
  return `${name} ${report.entry.model} ${input} ${output} ${cacheRead} ${cacheWrite}`;
}

test.each([
  {
    says: 'Claude Code: tools, a sub-agent, a command of the person, an interrupt, failures, a resume',
    read: (hear: (report: AgentReport) => void) =>
      readClaude([{ name: 'work' }, { name: 'work-sub-agent', isSubAgent: true }], hear),
    reports: [
      'prompt make hello',
      'call claude-opus-5-5 1200 80 300 50',
      'did Write',
      'did Bash',
      'call claude-opus-5-5 1400 40 900 0',
      'answer',
      'prompt second line one\nline two',
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'prompt agent please',
      'call claude-opus-5-5 201 21 22 23',
      'did Agent',
      'call claude-opus-5-5 202 24 25 26',
      'answer',
      // After the sub-agent's end, and after the person's own command: nobody has sent a prompt.
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'prompt slow please',
      'call claude-opus-5-5 700 1 7 7',
      'prompt limit now',
      'failed API Error: Request rejected (429) · This request would exceed your rate limit',
      'limit ? API Error: Request rejected (429) · This request would exceed your rate limit',
      'prompt bad now',
      'failed API Error: 400 bad thing',
      'prompt after resume',
      'call claude-opus-5-5 600 11 8 9',
      'answer',
      'prompt again',
      'call claude-opus-5-5 600 11 8 9',
      'answer',
      'call claude-opus-5-5 301 31 32 33',
      'call claude-opus-5-5 302 34 35 36',
      // What was written of the answer that was interrupted, as Claude Code itself counts it.
      'unlisted 1 c1 claude-opus-5-5 0 7 0 0',
    ],
  },
  {
    says: 'Claude Code: prompts while it works are prompts once it takes them',
    read: (hear: (report: AgentReport) => void) => readClaude([{ name: 'queued' }], hear),
    reports: [
      'prompt use tools',
      'call claude-opus-5-5 1200 80 300 50',
      'did Bash',
      'prompt queued one',
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'prompt queued two',
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'prompt use tools',
      'prompt queued three',
    ],
  },
  {
    says: 'Claude Code: a summary that it made of the conversation',
    read: (hear: (report: AgentReport) => void) => readClaude([{ name: 'compacted' }], hear),
    reports: [
      'prompt first one',
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'unlisted 1 c1 claude-opus-5-5 1000 20 10 12',
    ],
  },
  {
    says: 'Claude Code: a title that it made',
    read: (hear: (report: AgentReport) => void) => readClaude([{ name: 'cleared' }], hear),
    reports: [
      'prompt after clear',
      'call claude-opus-5-5 500 10 5 6',
      'answer',
      'unlisted 1 c1 claude-opus-5-5 11 7 0 0',
    ],
  },
  {
    says: 'Claude Code: the limit of a plan, with its time',
    read: (hear: (report: AgentReport) => void) => readClaude([{ name: 'usage-limit' }], hear),
    reports: [
      'prompt limit now',
      "failed You've hit your 5-hour limit · resets 2:51pm (UTC)",
      "limit 2026-11-21T14:51:55.000Z You've hit your 5-hour limit · resets 2:51pm (UTC)",
    ],
  },
  {
    says: 'Codex: tools, a command of the person, an interrupt, failures, a resume',
    read: (hear: (report: AgentReport) => void) => readCodex([{ name: 'work' }], hear),
    reports: [
      'prompt make hello',
      'call mock-1 1200 80 300 0',
      'did exec_command',
      'did exec_command',
      'call mock-1 1400 40 900 0',
      'answer',
      'prompt second line one\nline two',
      'call mock-1 500 10 5 0',
      'answer',
      'prompt slow please',
      'prompt ratelim now',
      'failed exceeded retry limit, last status: 429 Too Many Requests',
      'limit ? exceeded retry limit, last status: 429 Too Many Requests',
      'prompt limit now',
      'failed You’ve hit your usage limit. Try again later.',
      'limit 2026-11-21T14:07:07.000Z You’ve hit your usage limit. Try again later.',
      'prompt bad now',
      'failed bad thing',
      'prompt after resume',
      'call mock-1 600 11 8 0',
      'answer',
      'prompt again',
      'call mock-1 600 11 8 0',
      'answer',
    ],
  },
  {
    says: 'Codex: a sub-agent',
    read: (hear: (report: AgentReport) => void) =>
      readCodex([{ name: 'delegating' }, { name: 'delegating-sub-agent', isSubAgent: true }], hear),
    reports: [
      'prompt agent please',
      'call mock-1 188 21 22 13',
      'did spawn_agent',
      'call mock-1 202 24 25 0',
      'call mock-1 500 10 5 0',
      'answer',
      'call mock-1 302 34 35 0',
    ],
  },
])('$says', ({ read, reports }) => {
  const heard: AgentReport[] = [];
  read((report) => heard.push(report));
  expect(heard.map(inShort)).toEqual(reports);
  const keys = heard.flatMap((report) => (report.type === 'prompt' ? [report.key] : []));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).not.toContain('');
});

test('the sums of Codex alone, as older versions tell them, come to the same', () => {
  const [calls, sums] = [new HeardReports(), new HeardReports()];
  readCodex([{ name: 'work' }], (report) => calls.hear(report));
  readCodex(
    [{ name: 'work' }],
    (report) => sums.hear(report),
    (line) => !line.includes('"token_usage_record"'),
  );
  expect(sums.tokens).toEqual({ input: 4_300, output: 152, cacheRead: 1_221, cacheWrite: 0 });
  expect(calls.tokens).toEqual(sums.tokens);
});

test('a fork of a Codex conversation begins with sums that belong to the other, and does not count them', () => {
  const usage = (input: number) => ({ input_tokens: input, output_tokens: input, total_tokens: 2 * input });
  const count = (total: number, last: number) => {
    const info = { total_token_usage: usage(total), last_token_usage: usage(last) };
    return { type: 'event_msg', timestamp: '2026-01-01T00:00:00.000Z', payload: { type: 'token_count', info } };
  };
  const heard = new HeardReports();
  const reader = new RolloutReader('t1', false, (report) => heard.hear(report));
  for (const [total, last] of [
    [1_010, 10],
    [1_010, 10],
    [1_030, 20],
  ])
    reader.read(JSON.stringify(count(total, last)));
  expect(heard.tokens.input).toBe(30);
  // A counter that begins anew.
  reader.read(JSON.stringify(count(7, 7)));
  expect(heard.tokens.input).toBe(37);
});

test('a record that is read again, line by line and out of turn, adds nothing', () => {
  const heard = new HeardReports();
  for (let times = 0; times < 2; times++)
    readClaude([{ name: 'work' }, { name: 'work-sub-agent', isSubAgent: true }], (report) => heard.hear(report));
  const once = heard.tokens;
  readClaude([{ name: 'work-sub-agent', isSubAgent: true }, { name: 'work' }], (report) => heard.hear(report));
  expect(heard.tokens).toEqual(once);
  // As Claude Code itself says it on the way out.
  expect(once).toEqual({ input: 7_006, output: 290, cacheRead: 1_352, cacheWrite: 211 });
});

test('lines that are no records, or half of one, say nothing', () => {
  const heard: AgentReport[] = [];
  const transcript = new TranscriptReader('c1', 0, (report) => heard.push(report));
  const rollout = new RolloutReader('t1', false, (report) => heard.push(report));
  for (const line of [
    '',
    '{',
    '[1]',
    'null',
    '{"type":"assistant"}',
    '{"type":"user","timestamp":"x"}',
    '{"payload":7}',
  ])
    for (const read of [
      (text: string) => transcript.readMain(text),
      (text: string) => transcript.readSubAgent(text),
      (text: string) => rollout.read(text),
    ])
      read(line);
  const at = '2026-01-01T00:00:00.000Z';
  transcript.readMain(JSON.stringify({ type: 'assistant', timestamp: at, message: { id: 7, usage: 'x' } }));
  rollout.read(JSON.stringify({ type: 'token_usage_record', timestamp: at, payload: { usage: { input_tokens: -1 } } }));
  transcript.settle();
  expect(heard.filter(({ type }) => type !== 'usage')).toEqual([]);
});

test('what no call explains is told once, under the name of its model', () => {
  const tokens = (input: number) => ({ input, output: 1, cacheRead: 0, cacheWrite: 0 });
  const told: UsageEntry[] = [];
  const usage = new UnlistedUsage('c1', (entry) => told.push(entry));
  usage.addCall('large', tokens(100), 1);
  usage.addStatement(
    new Map([
      ['large', tokens(100)],
      ['small', tokens(30)],
    ]),
    2,
  );
  usage.settle();
  usage.settle();
  expect(told).toEqual([{ key: 'unlisted 1 c1', model: 'small', tokens: tokens(30), usd: null, at: 2 }]);
  // A call that the statement covers and that is read late, and one from after it.
  usage.goOn(10);
  usage.addCall('small', tokens(20), 2);
  usage.addCall('small', tokens(5), 11);
  usage.settle();
  expect(told.at(-1)).toMatchObject({ key: 'unlisted 1 c1', model: 'small', tokens: { input: 10, output: 0 } });
  expect(told).toHaveLength(2);
});

test('a model that is named in one way by its calls and in another by the totals is not counted twice', () => {
  const tokens = { input: 100, output: 10, cacheRead: 5, cacheWrite: 6 };
  const told: UsageEntry[] = [];
  const usage = new UnlistedUsage('c1', (entry) => told.push(entry));
  usage.addCall('large-20260101', tokens, 1);
  usage.addStatement(new Map([['large', tokens]]), 2);
  usage.settle();
  expect(told).toEqual([]);
});
