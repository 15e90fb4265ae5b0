import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Edit } from './recipes.ts';

/** What an edit did, with one line of context on each side. Line numbers count from 1, in the new text. */
export interface EditResult {
  isNew: boolean;
  added: number;
  lines: { number: number; sign: '+' | '-' | ' '; text: string }[];
}

/** Makes the edit below `cwd`. Null when there is nothing to do: the text is there already, or its place is not. */
export async function applyEdit(cwd: string, { path, at, isReplaced = false, text }: Edit): Promise<EditResult | null> {
  const file = join(cwd, path);
  const before = await readText(file);
  const added = text.replace(/\n$/, '').split('\n');
  if (at === null) {
    if (before !== null) return null;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return { isNew: true, added: added.length, lines: numbered(added, 0, '+') };
  }
  if (before === null || before.includes(text)) return null;
  const lines = before.split('\n');
  const found = lines.findIndex((row) => row.includes(at));
  if (found < 0) return null;
  const start = isReplaced ? found : found + 1;
  const removed = lines.splice(start, isReplaced ? 1 : 0, ...added);
  await writeFile(file, lines.join('\n'));
  const end = start + added.length;
  const shown = [
    ...numbered(lines.slice(Math.max(0, start - 1), start), start - 1, ' '),
    ...numbered(removed, start, '-'),
    ...numbered(added, start, '+'),
    ...numbered(lines.slice(end, end + 1), end, ' '),
  ];
  return { isNew: false, added: added.length, lines: shown };
}

function numbered(lines: readonly string[], start: number, sign: '+' | '-' | ' '): EditResult['lines'] {
  return lines.map((text, index) => ({ number: start + index + 1, sign, text }));
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
