import { parseArgs } from 'node:util';

/** What a launch tells the program that holds a conversation: no prompt and no secret is among it. */
export interface HeadlessArguments {
  /** The adapter. */
  name: string;
  /** The agent's program, absolute, and the arguments of its definition. */
  command: string[];
  conversation: string | null;
  isResumed: boolean;
  /** What a new conversation begins with a copy of, as the program is told; null: nothing. */
  fork: string | null;
  /** Where it is written down; null: nowhere. */
  record: string | null;
  /** How long the program may be silent at work, in ms. */
  silenceMs: number;
}

const options = {
  conversation: { type: 'string' },
  resume: { type: 'boolean' },
  fork: { type: 'string' },
  record: { type: 'string' },
  silence: { type: 'string' },
} as const;

export function formatArguments(given: HeadlessArguments): string[] {
  return [
    given.name,
    ...(given.conversation === null ? [] : [`--conversation=${given.conversation}`]),
    ...(given.isResumed ? ['--resume'] : []),
    ...(given.fork === null ? [] : [`--fork=${given.fork}`]),
    ...(given.record === null ? [] : [`--record=${given.record}`]),
    `--silence=${given.silenceMs}`,
    '--',
    ...given.command,
  ];
}

/** Throws for arguments that are not of `formatArguments`. */
export function parseArguments(argv: readonly string[]): HeadlessArguments {
  const at = argv.indexOf('--');
  const { values, positionals } = parseArgs({ args: argv.slice(0, at), options, allowPositionals: true });
  return {
    name: positionals[0] ?? '',
    command: argv.slice(at + 1),
    conversation: values.conversation ?? null,
    isResumed: values.resume ?? false,
    fork: values.fork ?? null,
    record: values.record ?? null,
    silenceMs: Number(values.silence),
  };
}
