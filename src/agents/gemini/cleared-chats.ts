import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { objectsOf, parseLine, textOf, timeOf } from '../json-line.ts';
import { type Chat, chatsIn } from './chat-files.ts';
import { readStart } from './read-start.ts';

// `/clear` and `/new` begin a conversation of another id in the same program. What is said to a program is logged under the id that it
// was started with (`tmp/<project>/logs.json`), so a conversation that begins with such a line is its program's.

/** How long the program takes from the one to the other, in ms, at most. */
const clearMs = 10_000;

const command = /^\/(clear|new)\b/;

/** How much of a log and of a conversation is read, in bytes. */
const logBytesMax = 8 * 1024 * 1024;
const headBytes = 1_024;

interface Begun extends Chat {
  at: number;
}

interface Clear {
  program: string;
  at: number;
}

/** Adds to the conversations that `find` finds those that their program has begun since, the newest last. */
export function withCleared(find: () => Promise<Chat[]>): () => Promise<Chat[]> {
  const heads = new Map<string, Begun>();
  let clears: readonly Clear[] = [];
  let readAt = 0;
  return async () => {
    const chats = await find();
    const [first] = chats;
    if (first === undefined) return chats;
    const folder = dirname(first.path);
    const log = join(dirname(folder), 'logs.json');
    const { mtimeMs: writtenAt } = await stat(log).catch(() => ({ mtimeMs: 0 }));
    if (writtenAt !== readAt) clears = (await readClears(log)) ?? clears;
    readAt = writtenAt;
    if (clears.length === 0) return chats;
    for (const path of await chatsIn(folder)) {
      const head = heads.has(path) ? null : await readHead(path);
      if (head !== null) heads.set(path, head);
    }
    const oldestFirst = [...heads.values()].sort((a, b) => a.at - b.at);
    return [...chats, ...begunBy(clears, chats, oldestFirst)];
  };
}

function begunBy(clears: readonly Clear[], chats: readonly Chat[], oldestFirst: readonly Begun[]): Chat[] {
  const known = new Set(chats.map(({ conversation }) => conversation));
  const since = oldestFirst.findLast(({ conversation }) => known.has(conversation))?.at ?? 0;
  const begun = clears.flatMap((clear) => {
    const chat = oldestFirst.find(({ at }) => at >= clear.at && at - clear.at <= clearMs);
    return chat === undefined ? [] : [{ ...clear, chat }];
  });
  // One of those that are known may have been begun so itself, by a program with another id.
  const programs = new Set([
    ...known,
    ...begun.filter(({ chat }) => known.has(chat.conversation)).map(({ program }) => program),
  ]);
  const later = begun.filter(({ program, at, chat }) => {
    return programs.has(program) && at >= since && !known.has(chat.conversation);
  });
  return [...new Set(later.map(({ chat }) => chat))].map(({ path, conversation }) => ({ path, conversation }));
}

/** Null: there is none, or half of it while it is being written. */
async function readClears(log: string): Promise<Clear[] | null> {
  try {
    const entries: unknown = JSON.parse(await readStart(log, logBytesMax));
    return objectsOf(entries)
      .filter(({ message }) => command.test(textOf(message)))
      .map(({ sessionId, timestamp }) => ({ program: textOf(sessionId), at: timeOf(timestamp) ?? 0 }));
  } catch {
    return null;
  }
}

/** Null: it is not written yet. */
async function readHead(path: string): Promise<Begun | null> {
  const [line = '', ...more] = (await readStart(path, headBytes).catch(() => '')).split('\n');
  const head = more.length > 0 ? parseLine(line) : null;
  const at = timeOf(head?.startTime);
  return head === null || at === null ? null : { path, conversation: textOf(head.sessionId), at };
}
