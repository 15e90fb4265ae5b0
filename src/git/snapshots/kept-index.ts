import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { notesFolder } from '../../domain/worktree-notes.ts';
import { copyIndex } from '../copy-index.ts';
import { type IndexState, indexStateSchema } from './index-state.ts';

const keptSchema = z.object({
  version: z.literal(1),
  /** Of the worktree's own index when this one was made from it. */
  signature: z.string(),
  /** Which files in it are ignored, and of `info/exclude`: another answer means that ignore rules have changed. */
  ignored: z.string(),
  ownRules: z.string(),
  /** What the worktree's own index held. */
  indexTree: z.string(),
  indexState: indexStateSchema,
});

/** What is remembered beside an index of Forge's own, in which everything on the disk is added. */
export type Kept = Omit<z.infer<typeof keptSchema>, 'version'> & { indexState: IndexState };

/**
 * The index of the snapshot before, beside the worktree: it knows size and time of every file that was added then, so that of
 * the next one only what has changed is read. Losing it costs time and nothing else.
 */
export class KeptIndex {
  readonly #file: string;

  constructor(worktree: string) {
    this.#file = keptIndexFile(worktree);
  }

  /** Null: there is none, or it cannot be read. */
  read(): Kept | null {
    try {
      return keptSchema.parse(JSON.parse(readFileSync(`${this.#file}.json`, 'utf8')));
    } catch {
      return null;
    }
  }

  copyTo(index: string): boolean {
    return copyIndex(this.#file, index);
  }

  /** In this order: after a kill in the middle the old words do not go with the new index, and are made anew. */
  write(index: string, kept: Kept): void {
    // Forge did not make this worktree: nothing is put beside it.
    if (!existsSync(dirname(this.#file))) return;
    const temporary = `${this.#file}.${randomUUID()}.tmp`;
    writeFileSync(`${this.#file}.json`, '', { mode: 0o600 });
    if (copyIndex(index, temporary)) renameSync(temporary, this.#file);
    writeFileSync(temporary, JSON.stringify({ version: 1, ...kept }), { mode: 0o600 });
    renameSync(temporary, `${this.#file}.json`);
  }
}

/** When the worktree is gone. */
export function dropKeptIndex(worktree: string): void {
  for (const end of ['', '.json']) rmSync(`${keptIndexFile(worktree)}${end}`, { force: true });
}

function keptIndexFile(worktree: string): string {
  return join(dirname(worktree), notesFolder, `${basename(worktree)}.index`);
}

export function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
