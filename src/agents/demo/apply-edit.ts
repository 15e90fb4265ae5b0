import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Edit } from './recipes.ts';

/** What an edit did, with one line of context on each side. Line numbers count from 1. */
export interface EditResult {
  isNew: boolean;
  added: number;
  lines: { number: number; sign: '+' | ' '; text: string }[];
}

/** Makes the edit below `cwd`. Null when there is nothing to do: the text is there already, or its place is not. */
export async function applyEdit(cwd: string, { path, after, text }: Edit): Promise<EditResult | null> {
  const file = join(cwd, path);
  const before = await readText(file);
  if (after === null) {
    if (before !== null) return null;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return { isNew: true, ...describe(text.trimEnd().split('\n'), 0, text) };
  }
  if (before === null || before.includes(text)) return null;
  const lines = before.split('\n');
  const index = lines.findIndex((row) => row.includes(after));
  if (index < 0) return null;
  const added = text.replace(/\n$/, '').split('\n');
  lines.splice(index + 1, 0, ...added);
  await writeFile(file, lines.join('\n'));
  return { isNew: false, ...describe(lines, index + 1, text) };
}

function describe(lines: readonly string[], start: number, text: string): Omit<EditResult, 'isNew'> {
  const added = text.replace(/\n$/, '').split('\n').length;
  const shown = lines.slice(Math.max(0, start - 1), start + added + 1);
  return {
    added,
    lines: shown.map((row, offset) => {
      const index = Math.max(0, start - 1) + offset;
      return { number: index + 1, sign: index >= start && index < start + added ? '+' : ' ', text: row };
    }),
  };
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
