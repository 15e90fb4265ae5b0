import type { StoryEntry } from '../../src/conformance/recording.ts';

/** What is asked of the scripted model; an answer waits at its gate until the story lets it go. */
export const storyScenario = {
  prompts: [
    {
      match: 'write a note',
      turns: [
        { text: 'Writing.', gate: 'g1', actions: [{ do: 'write', path: 'note.txt', content: 'a note' }] },
        { text: 'It is written.', gate: 'g2' },
      ],
    },
    {
      match: 'use the shell',
      turns: [
        { text: 'Running.', gate: 'g1', actions: [{ do: 'shell', command: 'touch ran.txt', justification: 'to try' }] },
        { text: 'It ran.', gate: 'g2' },
      ],
    },
    { match: 'be refused', turns: [{ gate: 'g1', fault: { status: 400, message: 'bad thing' } }] },
    {
      match: 'ask too much',
      turns: [{ gate: 'g1', fault: { status: 429, message: 'Too many requests. Please retry in 600s.' } }],
    },
    { match: 'hold on', turns: [{ text: 'A held answer.', gate: 'g1' }] },
    { match: 'go on', turns: [{ text: 'A second answer.', gate: 'g1' }] },
    { match: '.', turns: [{ text: 'A first answer.' }] },
  ],
};

/** What a story does to a program, and writes down as the truth. Times are taken by who plays it. */
export interface Stage {
  /** Until the model is asked and holds its answer back. */
  asked(gate: string): Promise<void>;
  isAsked(gate: string): boolean;
  release(gate: string): void;
  /** Each further question is answered at once; over when none has come for so long, in ms. Returns when the last was, in ms. */
  releaseAll(gate: string, quietMs: number): Promise<number>;
  press(keys: string): void;
  kill(): void;
  /** A person looks on. */
  pause(ms: number): Promise<void>;
  /** From now on this is the truth, or since then. */
  note(state: StoryEntry['state'], because: string, told?: { reason?: string; at?: number }): void;
}

export interface AgentStory {
  name: string;
  prompt: string;
  /** Goes on with a conversation that another session has begun. */
  resumes?: boolean;
  play(stage: Stage, agent: AgentTraits): Promise<void>;
}

/** What differs between the programs, apart from their adapters. */
export interface AgentTraits {
  adapter: string;
  program: string;
  /** Arguments of every start, such as a mode in which the shell asks and files do not. */
  extra: readonly string[];
  /** Keys that allow what is asked, and that deny it. */
  allow: string;
  deny: string;
  interrupt: string;
  /** What it does when its provider takes no more. Left out: it gives up. */
  atLimit?: 'tries again' | 'asks';
}

export const agentTraits: readonly AgentTraits[] = [
  {
    ...{
      adapter: 'claude-code',
      program: 'Claude Code',
      extra: ['--permission-mode', 'manual', '--allowedTools', 'Write'],
    },
    ...{ allow: '1', deny: '\x1b', interrupt: '\x1b' },
  },
  {
    ...{ adapter: 'codex', program: 'Codex', extra: ['-a', 'on-request', '-s', 'workspace-write'] },
    ...{ allow: 'y', deny: '\x1b', interrupt: '\x1b' },
  },
  {
    ...{ adapter: 'gemini', program: 'Gemini CLI', extra: ['--approval-mode', 'auto_edit'] },
    ...{ allow: '\r', deny: '\x1b', interrupt: '\x1b', atLimit: 'asks' },
  },
  {
    ...{ adapter: 'opencode', program: 'opencode', extra: [] },
    ...{ allow: '\r', deny: '\x1b', interrupt: '\x1b[27u\x1b[27u', atLimit: 'tries again' },
  },
];

/** How long a person takes to look at a question, and how long a state lasts at least, in ms. */
const lookMs = 2_000;

export const agentStories: readonly AgentStory[] = [
  {
    name: 'work',
    prompt: 'Please write a note.',
    async play(stage) {
      await atWork(stage);
      stage.release('g1');
      await stage.asked('g2');
      await stage.pause(lookMs);
      answer(stage, 'g2');
    },
  },
  {
    name: 'permission',
    prompt: 'Please use the shell.',
    async play(stage, { allow }) {
      await ask(stage);
      stage.press(allow);
      stage.note('busy', 'the person allowed it');
      await stage.asked('g2');
      await stage.pause(lookMs);
      answer(stage, 'g2');
    },
  },
  {
    name: 'denial',
    prompt: 'Please use the shell.',
    async play(stage, { deny }) {
      await ask(stage);
      stage.press(deny);
      stage.note('idle', 'the person denied it');
    },
  },
  {
    name: 'interrupt',
    prompt: 'Please hold on.',
    async play(stage, { interrupt }) {
      await atWork(stage);
      stage.press(interrupt);
      stage.note('idle', 'the person stopped it');
    },
  },
  {
    name: 'error',
    prompt: 'You will be refused.',
    async play(stage) {
      await atWork(stage);
      const at = await stage.releaseAll('g1', lookMs);
      stage.note('failed', 'the provider refused the request (400) for the last time', { at, reason: 'bad thing' });
    },
  },
  {
    name: 'limit',
    prompt: 'You will ask too much.',
    async play(stage, { atLimit }) {
      await atWork(stage);
      if (atLimit === 'tries again') {
        stage.release('g1');
        stage.note('limited', 'the provider took no more (429); the program waits and tries again');
        await stage.asked('g1');
        stage.note('busy', 'the model was asked again');
        return;
      }
      const at = await stage.releaseAll('g1', 12_000);
      if (atLimit === 'asks')
        stage.note('limited', 'the provider took no more (429), and the program asked whether to try on', { at });
      else stage.note('limited', 'the provider took no more (429), and the program gave up', { at });
    },
  },
  {
    name: 'crash',
    prompt: 'Please hold on.',
    async play(stage) {
      await atWork(stage);
      stage.kill();
      stage.note('failed', 'it was killed with SIGKILL', { reason: 'SIGKILL' });
    },
  },
  {
    name: 'hang',
    prompt: 'Please hold on.',
    async play(stage) {
      await atWork(stage);
      await stage.pause(15_000);
    },
  },
  {
    name: 'resume',
    prompt: 'Please go on.',
    resumes: true,
    async play(stage) {
      await atWork(stage);
      answer(stage, 'g1');
    },
  },
];

async function atWork(stage: Stage): Promise<void> {
  await stage.asked('g1');
  stage.note('busy', 'the model was asked');
  await stage.pause(lookMs);
}

async function ask(stage: Stage): Promise<void> {
  await atWork(stage);
  stage.release('g1');
  stage.note('waiting', 'the model wanted a command that needs permission');
  await stage.pause(lookMs);
  if (stage.isAsked('g2')) throw new Error('The command ran without a permission.');
}

function answer(stage: Stage, gate: string): void {
  stage.release(gate);
  stage.note('done', 'the model gave its whole answer');
}
