import { readFile } from 'node:fs/promises';
import type { UsageEntry } from '../../../domain/usage.ts';
import { findChat } from '../chat-files.ts';
import { geminiFolder } from '../gemini-folder.ts';
import { readChat } from '../read-chat.ts';

/** What the calls of a conversation used since then (ms since the epoch), by its file. None without one. */
export async function callsSince(
  env: Record<string, string>,
  conversation: string | null,
  since: number,
): Promise<UsageEntry[]> {
  const path = await findChat(geminiFolder(env), conversation);
  if (path === null) return [];
  const calls = new Map<string, UsageEntry>();
  const read = readChat((report) => {
    if (report.type === 'usage' && report.entry.at >= since) calls.set(report.entry.key, report.entry);
  });
  for (const line of (await readFile(path, 'utf8')).split('\n')) read(line);
  return [...calls.values()];
}
