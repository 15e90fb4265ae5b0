import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { notesFolder } from '../domain/worktree-notes.ts';

/** Beside the worktree, so that it holds what git tracks and no more, and so that the output outlives it. */
export function notesOf(worktree: string): { log: string; note: string } {
  const folder = join(dirname(worktree), notesFolder);
  const name = basename(worktree);
  return { log: join(folder, `${name}.log`), note: join(folder, `${name}.command`) };
}

export function makeNotes(worktree: string): void {
  mkdirSync(join(dirname(worktree), notesFolder), { recursive: true, mode: 0o700 });
}

/** What the setup and teardown commands of a worktree wrote; null: nothing yet. */
export function readLog(worktree: string): { file: string; text: string } | null {
  const { log } = notesOf(worktree);
  try {
    return { file: log, text: readFileSync(log, 'utf8') };
  } catch {
    return null;
  }
}
