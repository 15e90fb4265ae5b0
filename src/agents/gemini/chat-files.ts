import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { followFiles } from '../follow-files.ts';
import { readChat } from './read-chat.ts';
import { nextConversation } from './start-again.ts';

/** A conversation and its file. */
export interface Chat {
  path: string;
  conversation: string;
}

/** The file of every conversation: `tmp/<project>/chats/session-<when>-<first 8 of the id>.jsonl` in Gemini CLI's folder. */
export async function allChats(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const project of await list(join(home, 'tmp')))
    found.push(...(await chatsIn(join(home, 'tmp', project.name, 'chats'))));
  return found;
}

/** The file of a conversation, or null. */
export async function findChat(home: string, conversation: string | null): Promise<string | null> {
  return conversation === null ? null : longestOf(await allChats(home), conversation);
}

/** Looks for a conversation, and for the one that is begun when its id is refused: those that are there, the newest last. */
export function begunChats(home: string, conversation: string): () => Promise<Chat[]> {
  let folder: string | null = null;
  return async () => {
    const paths = folder === null ? await allChats(home) : await chatsIn(folder);
    const chats: Chat[] = [];
    for (const id of [conversation, nextConversation(conversation)]) {
      const path = await longestOf(paths, id);
      if (path === null) continue;
      chats.push({ path, conversation: id });
      folder = dirname(path);
    }
    return chats;
  };
}

/**
 * Reads the conversations of a session, of which the newest is the one to go on with, and their sub-agents, each of which has a file of
 * its own in a folder beside it. `told`: the conversation that is known.
 */
export function followChats(
  find: () => Promise<Chat[]>,
  told: string | null,
  hear: (report: AgentReport) => void,
): Disposable {
  let newest = told;
  const own = new Set<string>();
  const look = async () => {
    const chats = await find();
    const { conversation = newest } = chats.at(-1) ?? {};
    if (conversation !== null && conversation !== newest) hear({ type: 'conversation', id: conversation });
    newest = conversation;
    const paths: string[] = [];
    for (const chat of chats) {
      own.add(chat.path);
      const folder = join(dirname(chat.path), chat.conversation);
      const subAgents = (await list(folder)).filter(({ name }) => name.endsWith('.jsonl'));
      paths.push(chat.path, ...subAgents.map(({ name }) => join(folder, name)));
    }
    return paths;
  };
  const hearUsage = (report: AgentReport) => {
    if (report.type === 'usage') hear(report);
  };
  return followFiles(look, (path) => readChat(own.has(path) ? hear : hearUsage));
}

/**
 * Of several files with one beginning of the id the longest: Forge's ids differ there already, but each resume leaves a file of the same
 * name in which nothing is said, and goes on in the first.
 */
async function longestOf(paths: readonly string[], conversation: string): Promise<string | null> {
  const ending = `-${conversation.slice(0, 8)}.jsonl`;
  let longest: { path: string | null; size: number } = { path: null, size: -1 };
  for (const path of paths) {
    if (!path.endsWith(ending)) continue;
    const { size } = await stat(path).catch(() => ({ size: -1 }));
    if (size > longest.size) longest = { path, size };
  }
  return longest.path;
}

/** Those of one project. */
export async function chatsIn(folder: string): Promise<string[]> {
  const names = (await list(folder)).map(({ name }) => name);
  return names
    .filter((name) => name.startsWith('session-') && name.endsWith('.jsonl'))
    .map((name) => join(folder, name));
}

async function list(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch(() => []);
}
