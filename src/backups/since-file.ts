import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Backup, backupsIn } from './backup-folder.ts';

/** Beside what a backup holds: lines of `tasks.jsonl` that were written since it was made. */
export const sinceFile = 'tasks.since.jsonl';

/** Of a large project only what changed is added to the newest backup: to copy all of it takes longer than the change. */
export function appendSince({ path }: Backup, lines: readonly string[]): void {
  // A line break first: whoever wrote the last line may have been killed.
  appendFileSync(join(path, sinceFile), `\n${lines.join('\n')}\n`, { mode: 0o600 });
}

/**
 * The text of a backup's `tasks.jsonl` with what was written since, each task in its newest line. Whoever wrote a line while
 * the backup was made had the one before in view.
 */
export function withSince(text: string, backup: Backup): string {
  const all = backupsIn(dirname(backup.path));
  const before = all[all.findIndex(({ path }) => path === backup.path) + 1];
  const newest = new Map<string, { line: string; at: number }>();
  for (const line of [...(before ? linesSince(before) : []), ...linesSince(backup)]) {
    const { id, at } = idAndTime(line);
    if (id !== null && at >= (newest.get(id)?.at ?? 0)) newest.set(id, { line, at });
  }
  if (newest.size === 0) return text;
  const kept = text.split('\n').filter((line) => {
    const known = newest.get(/^\{"id":"([^"]+)"/.exec(line)?.[1] ?? '');
    if (known === undefined) return line !== '';
    const isOlder = idAndTime(line).at <= known.at;
    if (!isOlder) known.line = line;
    return false;
  });
  return [...kept, ...[...newest.values()].map(({ line }) => line), ''].join('\n');
}

function linesSince({ path }: Backup): string[] {
  try {
    return readFileSync(join(path, sinceFile), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** Of a line that is whole. */
function idAndTime(line: string): { id: string | null; at: number } {
  try {
    const { id, updatedAt, deletedAt } = JSON.parse(line) as { id: string; updatedAt?: number; deletedAt?: number };
    return { id, at: updatedAt ?? deletedAt ?? 0 };
  } catch {
    return { id: null, at: 0 };
  }
}
