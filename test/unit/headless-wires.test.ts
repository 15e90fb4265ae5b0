import { mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { conversations, inShort, playStory, storiesOf } from '../support/wire-stories.ts';

// Each program as it was recorded (test/fixtures/headless-wires says how), played as a program of its own that is told what the
// real one was told, to the letter, or ends.

const player = resolve(import.meta.dirname, '../support/play-wire-entry.ts');
const wires = resolve(import.meta.dirname, '../fixtures/headless-wires');

const answer = 'text Scripted answer.\nIn two lines, 表 and 🙂.';
const shell = 'echo hello > hello.txt && ls';

function worksWith(tool: string, asks: string | null, model: string, ...more: string[]): string[] {
  const asked = asks === null ? [] : [asks];
  return [
    'text Running it.',
    `tool ${tool}: ${shell}`,
    ...asked,
    ...more,
    'text It ran.',
    `usage ${model} 1100 20 900`,
    'done',
  ];
}

const claude = 'usage claude-opus-5-5';
const told: Record<string, Record<string, string[]>> = {
  'claude-code-headless': {
    work: [
      ...['text Running it.', `tool Bash: ${shell}`, `${claude} 1000 50 300`, `question Bash: ${shell}`],
      ...['text It ran.', `${claude} 1100 20 900`, 'done', answer, `${claude} 2000 100 500`, 'done'],
    ],
    denial: [
      ...['text Running it.', `tool Bash: ${shell}`, `${claude} 1000 50 300`, `question Bash: ${shell}`],
      ...['failed The person did not allow this.', 'text It ran.', `${claude} 1100 20 900`, 'done'],
    ],
    interrupt: ['interrupted', answer, `${claude} 2000 100 500`, 'done'],
    early: ['interrupted', answer, `${claude} 2000 100 500`, 'done'],
    failures: [
      'failed API Error: 400 bad thing',
      'note tries again (1 of 1): rate_limit',
      'limit API Error: Request rejected (429) · slow down please',
      'failed API Error: Request rejected (429) · slow down please',
      ...[answer, `${claude} 2000 100 500`, 'done'],
    ],
    hang: [],
    picture: [answer, `${claude} 2000 100 500`, 'done'],
    crash: ['text Running it.', 'failed it ended: SIGKILL', answer, `${claude} 2000 100 500`, 'done'],
    resume: [answer, `${claude} 2000 100 500`, 'done'],
  },
  'codex-headless': {
    work: [
      'conversation',
      ...worksWith('shell', `question shell: ${shell} (to try it)`, 'mock-1', 'usage mock-1 1000 50 300'),
      ...[answer, 'usage mock-1 2000 100 500', 'done'],
    ],
    denial: [
      'conversation',
      ...worksWith(
        'shell',
        `question shell: ${shell} (to try it)`,
        'mock-1',
        'failed not allowed',
        'usage mock-1 1000 50 300',
      ),
    ],
    interrupt: ['conversation', 'interrupted', answer, 'usage mock-1 2000 100 500', 'done'],
    early: ['conversation', 'interrupted', answer, 'usage mock-1 2000 100 500', 'done'],
    failures: [
      ...['conversation', 'failed bad thing', 'note Reconnecting... 1/1'],
      'limit exceeded retry limit, last status: 429 Too Many Requests',
      'failed exceeded retry limit, last status: 429 Too Many Requests',
      ...[answer, 'usage mock-1 2000 100 500', 'done'],
    ],
    hang: ['conversation'],
    picture: ['conversation', answer, 'usage mock-1 2000 100 500', 'done'],
    crash: [
      ...['conversation', 'text Running it.', 'failed it ended: SIGKILL'],
      ...[answer, 'usage mock-1 2000 100 500', 'done'],
    ],
    // The newest call of the session before is told again, under the same key.
    resume: ['usage mock-1 2000 100 500', answer, 'usage mock-1 2000 100 500', 'done'],
  },
  'gemini-headless': {
    work: [
      ...['text Running it.', `tool run_shell_command: ${shell}`, 'text It ran.', 'usage gemini-2.5-pro 2100 70 1200'],
      ...['done', answer, 'usage gemini-2.5-pro 2000 100 500', 'done'],
    ],
    interrupt: ['interrupted', answer, 'usage gemini-2.5-pro 2000 100 500', 'done'],
    failures: [
      // Nothing was answered in the first conversation, so another one is begun.
      ...[
        'failed bad thing',
        'conversation',
        'note tries again: status 429, slow down please',
        'limit slow down please',
      ],
      ...['note tries again: status 429, slow down please', 'limit slow down please', 'text Allowed again.'],
      ...['usage gemini-2.5-pro 700 7 0', 'done', answer, 'usage gemini-2.5-pro 2000 100 500', 'done'],
    ],
    hang: [],
    picture: [answer, 'usage gemini-2.5-pro 2000 100 500', 'done'],
    crash: [
      ...['text Running it.', `tool run_shell_command: ${shell}`, 'text It ran.', 'usage gemini-2.5-pro 2100 70 1200'],
      'failed it ended (SIGKILL): YOLO mode is enabled. All tool calls will be automatically approved. YOLO mode is enabled. All tool calls will be automatically approved.',
      ...[answer, 'usage gemini-2.5-pro 2000 100 500', 'done'],
    ],
    resume: [answer, 'usage gemini-2.5-pro 2000 100 500', 'done'],
  },
  'opencode-headless': {
    work: [
      ...['conversation', 'text Running it.', `tool bash: ${shell}`, 'usage null 1000 50 300'],
      ...['text It ran.', 'usage null 1100 20 900', 'done', answer, 'usage null 2000 100 500', 'done'],
    ],
    // It tells its conversation with its first word: none came before it was stopped.
    interrupt: ['interrupted', 'conversation', answer, 'usage null 2000 100 500', 'done'],
    failures: [
      ...['conversation', 'failed bad thing', 'text Allowed again.', 'usage null 700 7 0', 'done'],
      ...[answer, 'usage null 2000 100 500', 'done'],
    ],
    hang: [],
    picture: ['conversation', answer, 'usage null 2000 100 500', 'done'],
    crash: ['conversation', 'text Running it.', 'failed it ended: SIGKILL', answer, 'usage null 2000 100 500', 'done'],
    resume: [answer, 'usage null 2000 100 500', 'done'],
  },
};

/** Of the definition, when it was recorded. */
const extra: Record<string, string[]> = {
  'claude-code-headless': ['--permission-mode', 'default'],
  'codex-headless': ['-a', 'on-request', '-s', 'workspace-write'],
  'gemini-headless': ['--yolo'],
  'opencode-headless': ['--auto'],
};

/** The one that a recording goes on with; of a new one the id that Forge gives it. */
function conversationIn(name: string, file: string | null): string | null {
  if (file === null || conversations[name] !== null) return conversations[name];
  return (
    /threadId\\":\\"([^"\\]+)|--session","([^"]+)/.exec(readFileSync(file, 'utf8'))?.slice(1).find(Boolean) ?? null
  );
}

const cases = Object.keys(told).flatMap((name) => storiesOf(name).map((story) => ({ name, story, says: story.name })));

test.each(cases)('$name: $says', async ({ name, story }) => {
  const folder = realpathSync(temporaryFolder());
  const [worktree, starts] = [join(folder, 'worktree'), join(folder, 'starts')];
  mkdirSync(worktree);
  mkdirSync(starts);
  const file = join(wires, `${name}-${story.name}.jsonl`);
  const heard = await playStory(
    name,
    story,
    {
      command: [process.execPath, player, ...extra[name]],
      env: { HOME: folder, PATH: process.env.PATH ?? '', FORGE_SESSION: folder, WIRE_FILE: file, WIRE_STARTS: starts },
      ...{
        cwd: worktree,
        isResumed: story.resumes === true,
        fork: null,
        conversation: conversationIn(name, story.resumes ? file : null),
      },
    },
    // opencode says nothing before the model does.
    (events) =>
      name === 'opencode-headless' ? readdirSync(starts).length > 0 : events.some(({ type }) => type === 'sign'),
  );
  const [heardInShort, wanted] = [inShort(heard.events), told[name][story.name]];
  // Gemini CLI says by another pipe that it tries again: which of two pipes is read first is anybody's guess.
  for (const isAside of [true, false]) {
    const part = (lines: string[]) => lines.filter((line) => /^(?:note tries again|limit)/.test(line) === isAside);
    if (name === 'gemini-headless') expect(part(heardInShort)).toEqual(part(wanted));
    else expect(heardInShort).toEqual(wanted);
  }
});
