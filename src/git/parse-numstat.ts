import type { DiffStat } from '../domain/run.ts';
import type { DiffFile } from '../ports/git.ts';

/** The answer of `git diff --numstat -z`. A renamed file counts under its new path. */
export function parseNumstat(text: string): DiffStat & { files: DiffFile[] } {
  const files: DiffFile[] = [];
  const fields = text.split('\0');
  for (let index = 0; index < fields.length; index++) {
    const match = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[index]);
    if (match === null) continue;
    const [, added, removed, path] = match;
    // An empty path: the old and the new one follow, each in a field of its own.
    if (path === '') index += 2;
    files.push({ path: path === '' ? fields[index] : path, added: count(added), removed: count(removed) });
  }
  const sum = (pick: (file: DiffFile) => number) => files.reduce((total, file) => total + Math.max(0, pick(file)), 0);
  return {
    filesChanged: files.length,
    linesAdded: sum((file) => file.added),
    linesRemoved: sum((file) => file.removed),
    files,
  };
}

function count(text: string): number {
  return text === '-' ? -1 : Number(text);
}
