import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { followLines } from '../follow-file.ts';
import { readChat } from './read-chat.ts';

/** How often new sub-agents are looked for, in ms: of them only the tokens count, which may come a little later. */
const subAgentsMs = 2_000;

/** A conversation and its file. */
export interface Chat {
  path: string;
  conversation: string;
}

/** The file of every conversation: `tmp/<project>/chats/session-<when>-<first 8 of the id>.jsonl` in Gemini CLI's folder. */
export async function allChats(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const project of await list(join(home, 'tmp'))) {
    const folder = join(home, 'tmp', project.name, 'chats');
    for (const { name } of await list(folder))
      if (name.startsWith('session-') && name.endsWith('.jsonl')) found.push(join(folder, name));
  }
  return found;
}

/**
 * The file of a conversation, or null. Of several with one beginning the longest: Forge's ids differ there already, but each resume
 * leaves a file of the same name in which nothing is said, and goes on in the first.
 */
export async function findChat(home: string, conversation: string | null): Promise<string | null> {
  if (conversation === null) return null;
  const ending = `-${conversation.slice(0, 8)}.jsonl`;
  let longest: { path: string | null; size: number } = { path: null, size: -1 };
  for (const path of await allChats(home)) {
    if (!path.endsWith(ending)) continue;
    const { size } = await stat(path).catch(() => ({ size: -1 }));
    if (size > longest.size) longest = { path, size };
  }
  return longest.path;
}

/** Reads a conversation, once it is found, and its sub-agents, each of which has a file of its own in a folder beside it. */
export function followChat(find: () => Promise<Chat | null>, hear: (report: AgentReport) => void): Disposable {
  const held = new DisposableStack();
  const subAgents = new Set<string>();
  let chat: Chat | null = null;
  const locate = async () => {
    chat ??= await find();
    return chat?.path ?? null;
  };
  held.use(followLines(locate, readChat(hear)));
  const look = async () => {
    if (chat === null) return;
    const folder = join(dirname(chat.path), chat.conversation);
    for (const { name } of await list(folder)) {
      if (!name.endsWith('.jsonl') || subAgents.has(name)) continue;
      subAgents.add(name);
      const hearUsage = (report: AgentReport) => report.type === 'usage' && hear(report);
      held.use(followLines(async () => join(folder, name), readChat(hearUsage)));
    }
  };
  const timer = setInterval(look, subAgentsMs).unref();
  held.use({ dispose: () => clearInterval(timer) });
  return held;
}

async function list(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch(() => []);
}
