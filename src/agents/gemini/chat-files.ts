import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { followLines } from '../follow-file.ts';
import { readChat } from './read-chat.ts';

/** How often new sub-agents are looked for, in ms: of them only the tokens count, which may come a little later. */
const subAgentsMs = 2_000;

/**
 * The file of a conversation, `tmp/<project>/chats/session-<minute>-<first 8 of the id>.jsonl` in Gemini CLI's folder, or
 * null. Several with one beginning: the newest, since Forge's ids differ there already.
 */
export async function findChat(home: string, conversation: string | null): Promise<string | null> {
  if (conversation === null) return null;
  const ending = `-${conversation.slice(0, 8)}.jsonl`;
  const found: string[] = [];
  for (const project of await list(join(home, 'tmp'))) {
    const folder = join(home, 'tmp', project.name, 'chats');
    for (const { name } of await list(folder))
      if (name.startsWith('session-') && name.endsWith(ending)) found.push(join(folder, name));
  }
  return found.sort().at(-1) ?? null;
}

/** Reads a conversation and its sub-agents, each of which has a file of its own in a folder beside it. */
export function followChat(home: string, conversation: string | null, hear: (report: AgentReport) => void): Disposable {
  const held = new DisposableStack();
  const subAgents = new Set<string>();
  let path: string | null = null;
  held.use(followLines(async () => (path ??= await findChat(home, conversation)), readChat(hear)));
  const look = async () => {
    if (path === null || conversation === null) return;
    const folder = join(dirname(path), conversation);
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
