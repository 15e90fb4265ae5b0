import type { DiffLine, FileDiff } from '../../domain/diff/file-diff.ts';
import type { Part } from './word-diff.ts';

/** What is searched for. Without a capital letter in it, capitals are the same as small letters. */
export interface Search {
  text: string;
  isExact: boolean;
}

export function searchFor(text: string): Search {
  return { text, isExact: text !== text.toLowerCase() };
}

/** Where it stands in a line. */
export function foundIn(line: string, { text, isExact }: Search): Part[] {
  const within = isExact ? line : line.toLowerCase();
  const parts: Part[] = [];
  if (text === '') return parts;
  for (let at = within.indexOf(text); at >= 0; at = within.indexOf(text, at + text.length))
    parts.push([at, at + text.length]);
  return parts;
}

interface Found {
  file: FileDiff;
  line: DiffLine;
}

/**
 * The next line that has it (1), or the one before (-1), of all files and round their ends. `here`: the line where one is;
 * `isHereMeant`: it may be that. Null: it stands nowhere.
 */
export function findLine(
  files: readonly FileDiff[],
  search: Search,
  { here, step, isHereMeant }: { here: DiffLine | null; step: 1 | -1; isHereMeant: boolean },
): Found | null {
  const before: Found[] = [];
  const after: Found[] = [];
  let own: Found | null = null;
  let isPast = here === null;
  for (const file of files) {
    for (const line of file.hunks.flatMap(({ lines }) => lines)) {
      const isHere = line === here;
      isPast ||= isHere;
      if (foundIn(line.text, search).length === 0) continue;
      if (isHere) own = { file, line };
      else (isPast ? after : before).push({ file, line });
    }
  }
  if (own && isHereMeant) return own;
  return (step > 0 ? (after[0] ?? before[0]) : (before.at(-1) ?? after.at(-1))) ?? own;
}
