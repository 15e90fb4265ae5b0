import { spawn } from 'node:child_process';
import { z } from 'zod';
import { endGroup } from '../base/end-group.ts';
import { ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type { CodeHost } from '../ports/code-host.ts';

/** How long one answer may take, in ms. */
const answerMsMax = 60_000;
/** An answer is one line; more is not read. In characters. */
const answerMax = 100_000;

const pullRequestSchema = z.object({
  url: z.string().min(1).max(2000),
  state: z.enum(['open', 'merged', 'closed']).default('open'),
});

export interface CommandHostOptions {
  /** Program and arguments; `find` or `open` follows. */
  command: readonly string[];
  /** Where it runs: the main checkout. */
  cwd: string;
  environment: Readonly<Record<string, string>>;
}

/**
 * A code host by a program of the person's: it is called with `find` or `open`, reads one JSON value from its input and
 * writes one, a pull request or null. See docs/guide/delivery.md.
 */
export function commandHost(options: CommandHostOptions): CodeHost {
  return {
    find: async (remoteUrl, branch) => {
      const answer = await ask(options, 'find', { remoteUrl, branch });
      return answer === null ? null : read(pullRequestSchema, answer, options);
    },
    open: async (remoteUrl, draft) =>
      read(pullRequestSchema, await ask(options, 'open', { remoteUrl, ...draft }), options),
  };
}

function read<T>(schema: z.ZodType<T>, answer: unknown, { command }: CommandHostOptions): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw failed(command, 'wrote something else than { "url": …, "state": "open" }');
}

async function ask(
  { command, cwd, environment }: CommandHostOptions,
  verb: string,
  question: unknown,
): Promise<unknown> {
  const [program = '', ...args] = command;
  const { text, how } = await new Promise<{ text: string; how: string | null }>((resolve) => {
    // A group of its own, so that all of it can be ended when it takes too long.
    const child = spawn(program, [...args, verb], { cwd, env: environment, stdio: 'pipe', detached: true });
    let [text, said] = ['', ''];
    const end = (how: string | null) => {
      clearTimeout(late);
      endGroup(child.pid);
      resolve({ text, how });
    };
    const late = setTimeout(() => end(`did not answer within ${answerMsMax / 1000} s`), answerMsMax);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(0, answerMax);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-500);
    });
    child.on('error', (failure) => end(failure.message));
    child.on('close', (code) => end(code === 0 ? null : `ended with status ${code}: ${plainText(said.trim())}`));
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(question)}\n`);
  });
  if (how !== null) throw failed(command, how);
  try {
    return JSON.parse(text);
  } catch {
    throw failed(command, 'wrote no JSON');
  }
}

function failed(command: readonly string[], how: string): ForgeError {
  return new ForgeError('codeHost.failed', `${command[0]} ${how}`);
}
