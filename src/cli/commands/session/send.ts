import { ForgeError } from '../../../base/errors.ts';
import type { Message } from '../../../domain/message.ts';
import { isAsking, type SessionView } from '../../../domain/session.ts';
import { isShell } from '../../../domain/shell.ts';
import { command, type Report, text } from '../../command.ts';
import { findLiveSession } from '../../find-session.ts';
import type { ForgeCli } from '../../forge-cli.ts';
import { messageLine } from '../../output/message.ts';
import { typePrompt } from '../../type-prompt.ts';

type Flags = {
  all?: boolean;
  file?: readonly string[];
  wait?: 'accepted' | 'answered';
  timeout?: number;
  now?: boolean;
  raw?: boolean;
};

/** How long `--wait` waits when nothing is said, in seconds. */
const timeoutSeconds = 600;

export const sessionSendCommand = command<Flags, [string, string?]>({
  summary: 'Send a prompt to one or several sessions',
  example: 'forge session send ada,grace "Now add a test for it." --wait accepted',
  details:
    'The prompt is queued, and typed when the program is ready for it: not while it works or starts, not into a question, not into what somebody has begun to type there. SESSION is the id of a session, or of its run, task or worker; several are separated by commas, and with --all it is left out. The text - is read from the standard input. With --now the text is typed at once, whatever the program does, but for one that waits for a permission (exit status 5). With --raw the bytes go in as they are, at once, \\r, \\e and \\xNN understood.',
  flags: {
    all: { kind: 'boolean', brief: 'To every live session of the project', optional: true },
    file: {
      kind: 'parsed',
      parse: String,
      brief: 'Name this file in the prompt',
      placeholder: 'path',
      variadic: true,
      optional: true,
    },
    wait: { kind: 'enum', values: ['accepted', 'answered'], brief: 'Wait until it has come to that', optional: true },
    timeout: {
      kind: 'parsed',
      parse: seconds,
      brief: `How long to wait, ${timeoutSeconds} s if not said`,
      placeholder: 'seconds',
      optional: true,
    },
    now: { kind: 'boolean', brief: 'Type it at once, without a queue', optional: true },
    raw: { kind: 'boolean', brief: 'The bytes as they are, without Enter', optional: true },
  },
  args: {
    kind: 'tuple',
    parameters: [
      text('session', 'Id of the session, or of its run, task or worker; several with commas'),
      { ...text('text', 'The prompt; - reads it from the standard input'), optional: true },
    ],
  },
  async run(forge, flags, first, second) {
    const typed = flags.all ? first : second;
    if (typed === undefined || (flags.all && second !== undefined)) {
      const what = flags.all ? 'With --all only the text is given.' : 'Give the session and the text.';
      throw new ForgeError('usage.invalid', what);
    }
    const names = flags.all ? null : first;
    const sessions = await find(forge, names);
    const prompt = typed === '-' ? await forge.readInput() : typed;
    if (flags.raw || flags.now) return atOnce(forge, sessions, prompt, flags.raw ?? false);
    const files = (flags.file ?? []).map((path) => forge.filePath(path));
    const ids = sessions.map(({ id }) => id);
    let messages = await forge.call('session.send', { sessions: ids, text: prompt, files });
    if (flags.wait) messages = await waited(forge, messages, flags.wait, flags.timeout ?? timeoutSeconds);
    return report(messages, sessions, names === null || sessions.length > 1);
  },
});

async function find(forge: ForgeCli, names: string | null): Promise<SessionView[]> {
  if (names !== null) {
    const found: SessionView[] = [];
    for (const name of names.split(',').filter((part) => part !== '')) found.push(await findLiveSession(forge, name));
    return found.filter(({ id }, index) => found.findIndex((other) => other.id === id) === index);
  }
  const live = (await forge.sessions()).filter((session) => session.endedAt === null && !isShell(session));
  if (live.length > 0) return live;
  throw new ForgeError('session.missing', 'No session of this project is alive.');
}

/** Typed here and now, by no queue. */
async function atOnce(forge: ForgeCli, sessions: SessionView[], prompt: string, isRaw: boolean): Promise<Report> {
  const host = await forge.host();
  const waiting = isRaw ? undefined : sessions.find(({ status }) => isAsking(status));
  if (waiting) {
    const reason = waiting.status.reason || 'an answer';
    throw new ForgeError('session.waiting', `${waiting.id} waits for a person: ${reason}.`);
  }
  for (const { id } of sessions) {
    if (isRaw) await host.send(id, bytesOf(prompt));
    else await typePrompt(host, id, prompt);
  }
  const rows = sessions.map(({ id, status }) => ({ id, state: status.state, message: null }));
  return { json: rows.length === 1 ? rows[0] : rows, text: '' };
}

/** Asks until all have come to `state`, or cannot any more. Throws `message.failed` and `message.late`. */
async function waited(
  forge: ForgeCli,
  sent: readonly Message[],
  state: 'accepted' | 'answered',
  withinSeconds: number,
): Promise<Message[]> {
  const deadline = performance.now() + withinSeconds * 1_000;
  const ids = sent.map(({ id }) => id);
  for (;;) {
    const withinMs = Math.round(Math.min(20_000, Math.max(0, deadline - performance.now())));
    const messages = await forge.call('session.sent', { ids, state, withinMs });
    const failed = messages.find((message) => message.state === 'failed' || message.state === 'cancelled');
    if (failed) {
      throw new ForgeError(
        'message.failed',
        `Message ${failed.id} to ${failed.session} ${failed.state === 'failed' ? `failed: ${failed.note}` : 'was taken back.'}`,
      );
    }
    const late = messages.find((message) => message.state !== 'answered' && message.state !== state);
    if (!late) return messages;
    if (performance.now() >= deadline) {
      const why = late.note === '' ? '' : `: ${late.note}`;
      throw new ForgeError('message.late', `After ${withinSeconds} s message ${late.id} is ${late.state}${why}.`);
    }
  }
}

function report(messages: readonly Message[], sessions: readonly SessionView[], isList: boolean): Report {
  const rows = messages.map(({ id, session, state }) => ({ id: session, state, message: id }));
  const nameOf = (session: string) => sessions.find(({ id }) => id === session)?.labels.worker ?? session;
  return {
    json: isList ? rows : rows[0],
    text: messages.map((message) => messageLine(message, nameOf(message.session))).join('\n'),
  };
}

function seconds(typed: string): number {
  const value = Number(typed);
  if (typed.trim() !== '' && value >= 0 && value <= 1_000_000) return value;
  throw new Error(`${typed} is not a number of seconds`);
}

function bytesOf(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([rnte\\]))/g, (_, hex: string | undefined, letter: string) =>
    hex
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : ({ r: '\r', n: '\n', t: '\t', e: '\x1b', '\\': '\\' }[letter] ?? letter),
  );
}
