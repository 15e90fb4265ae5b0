import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchRequest } from '../../ports/agent.ts';
import { parseLine, textOf } from '../json-line.ts';
import { removeOldRecords } from '../remove-old-records.ts';
import { allChats, type Chat, findChat } from './chat-files.ts';
import { readStart } from './read-start.ts';

// Gemini CLI begins with a copy of a conversation when it is given a file of one (`--session-file`). It chooses the id of the new one,
// and notes in it which file it came from: by a file for each session that one is found.

/** How much of a conversation is looked at to see what it came from, in bytes: that is in its first two lines. */
const headBytes = 4_096;

const beginningOf = (recordsDirectory: string, session: string) => join(recordsDirectory, 'gemini', `${session}-of-`);

/** Puts a copy of the conversation to fork where Gemini CLI is to read it, and removes copies that are old. */
export async function copyChat(
  home: string,
  { recordsDirectory, session, fork }: Pick<LaunchRequest, 'recordsDirectory' | 'session' | 'fork'>,
): Promise<string> {
  const folder = join(recordsDirectory, 'gemini');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOldRecords(folder);
  const copy = `${beginningOf(recordsDirectory, session)}${fork}.jsonl`;
  const chat = await findChat(home, fork);
  if (chat !== null) await copyFile(chat, copy);
  return copy;
}

/**
 * Looks for the conversations that began with the copy that was made for this session: more than one where its program has started
 * itself anew. The newest last.
 */
export function forkedChats(
  home: string,
  { recordsDirectory, session, startedAt }: { recordsDirectory: string; session: string; startedAt: number },
): () => Promise<Chat[]> {
  const words = `Imported session from ${beginningOf(recordsDirectory, session)}`;
  /** Each file that was looked at; null: it is another's. */
  const known = new Map<string, Chat | null>();
  return async () => {
    for (const path of (await allChats(home)).sort()) {
      if (known.has(path)) continue;
      const { mtimeMs } = await stat(path);
      const [first = '', second = '', ...more] =
        mtimeMs < startedAt ? [] : (await readStart(path, headBytes)).split('\n');
      // Its first lines are not written yet.
      if (mtimeMs >= startedAt && more.length === 0) continue;
      const conversation = textOf(parseLine(first)?.sessionId);
      const isOurs = conversation !== '' && textOf(parseLine(second)?.content).startsWith(words);
      known.set(path, isOurs ? { path, conversation } : null);
    }
    return [...known.values()].filter((chat) => chat !== null);
  };
}
