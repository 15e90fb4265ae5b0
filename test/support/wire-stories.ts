import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAdapter } from '../../src/agents/registry.ts';
import { runtimes } from '../../src/agents/runtimes.ts';
import type { AgentRuntime, RuntimeEvent, RuntimeOptions } from '../../src/ports/agent-runtime.ts';
import { png } from './png.ts';
import { until } from './until.ts';

/** What happens with one prompt. */
interface Turn {
  prompt: string;
  /** What is answered to its questions; left out: there are none. */
  allow?: boolean;
  /** A picture in the worktree goes along. */
  hasPicture?: true;
  /** When it is stopped: while the model holds its answer back, or right when it was sent. `never`: it is left without an end. */
  stop?: 'later' | 'at once' | 'never';
}

/** What is asked of each program, with the conversation gone on with by a new runtime at `resumes`. */
export interface Story {
  name: string;
  turns: readonly Turn[];
  resumes?: boolean;
  /** Only for programs that ask, and run for the whole conversation. */
  isAsked?: true;
  /** A line after which the program was killed when this was recorded. */
  kill?: string;
}

const stories: readonly Story[] = [
  { name: 'work', turns: [{ prompt: 'use the shell', allow: true }, { prompt: 'talk' }] },
  { name: 'denial', isAsked: true, turns: [{ prompt: 'use the shell', allow: false }] },
  { name: 'interrupt', turns: [{ prompt: 'hold on', stop: 'later' }, { prompt: 'talk' }] },
  { name: 'early', isAsked: true, turns: [{ prompt: 'hold on', stop: 'at once' }, { prompt: 'talk' }] },
  { name: 'failures', turns: [{ prompt: 'be refused' }, { prompt: 'rate limit' }, { prompt: 'talk' }] },
  { name: 'hang', turns: [{ prompt: 'hold on', stop: 'never' }] },
  { name: 'picture', turns: [{ prompt: 'talk', hasPicture: true }] },
  { name: 'crash', kill: 'Running it', turns: [{ prompt: 'use the shell' }, { prompt: 'talk' }] },
  { name: 'resume', resumes: true, turns: [{ prompt: 'talk' }] },
];

/** Gemini CLI and opencode ask nothing here, and are started for each prompt. */
export function storiesOf(name: string): readonly Story[] {
  return stories.filter(({ isAsked }) => !isAsked || /claude|codex/.test(name));
}

export const conversations: Record<string, string | null> = {
  'claude-code-headless': '11111111-2222-4333-8444-555555555555',
  'codex-headless': null,
  'gemini-headless': '11111111-2222-5333-8444-555555555555',
  'opencode-headless': null,
};

export interface Told {
  events: RuntimeEvent[];
  conversation: string | null;
}

/** Plays a story with a program and gives all that it told. */
export async function playStory(
  name: string,
  { turns }: Story,
  options: Omit<RuntimeOptions, 'hear'>,
  isHeld: (heard: readonly RuntimeEvent[]) => boolean,
): Promise<Told> {
  const told: Told = { events: [], conversation: options.conversation };
  let turn: Turn = turns[0];
  const runtime: AgentRuntime = runtimes[name]!({
    ...options,
    hear: (event) => {
      told.events.push(event);
      if (event.type === 'conversation') told.conversation = event.id;
      if (event.type === 'question') runtime.answer(event.id, turn.allow ? 'yes' : 'no');
    },
  });
  const shown = () => JSON.stringify(told.events.slice(-5));
  for (turn of turns) {
    const before = told.events.length;
    runtime.send(turn.hasPicture ? `${pictureIn(options.cwd, name)} ${turn.prompt}` : turn.prompt);
    const heard = (type: string) => told.events.slice(before).some((event) => event.type === type);
    if (turn.stop && turn.stop !== 'at once')
      await until('the answer is held back', () => isHeld(told.events.slice(before)), { shown });
    if (turn.stop === 'never') break;
    if (turn.stop) runtime.interrupt();
    await until(`the end of ${turn.prompt}`, () => heard('end'), { timeoutMs: 60_000, shown });
  }
  await runtime.close();
  return told;
}

/** A picture, as the agent is named it. */
function pictureIn(folder: string, name: string): string {
  const file = join(folder, 'my shot.png');
  writeFileSync(file, png());
  return findAdapter(name)!.mentionFile!(file);
}

/** Events in short, pieces of an answer joined, without signs of life and what came of tools. */
export function inShort(events: readonly RuntimeEvent[]): string[] {
  const short: string[] = [];
  let answer = '';
  for (const event of events) {
    if (event.type === 'text') answer += event.text;
    if (event.type === 'text' || event.type === 'sign' || event.type === 'acted') continue;
    if (answer.trim() !== '') short.push(`text ${answer.trim()}`);
    answer = '';
    short.push(oneInShort(event));
  }
  return short;
}

function oneInShort(event: Exclude<RuntimeEvent, { type: 'text' | 'sign' | 'acted' }>): string {
  switch (event.type) {
    case 'conversation':
      return 'conversation';
    case 'usage': {
      const { input, output, cacheRead } = event.entry.tokens;
      return `usage ${event.entry.model} ${input} ${output} ${cacheRead}`;
    }
    case 'tool':
    case 'question':
      return `${event.type} ${event.what}`;
    case 'toolFailed':
      return `failed ${event.why}`;
    case 'note':
      return `note ${event.text}`;
    case 'limit':
      return `limit ${event.reason}`;
    case 'withdrawn':
      return 'withdrawn';
    case 'end':
      return `${event.outcome} ${event.reason}`.trim();
  }
}
