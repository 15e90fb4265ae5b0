import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { faultPoint } from '../base/fault-point.ts';

const markerSchema = z.object({
  /** `making` from before git is called until it succeeded: nobody was given the worktree, so nothing is lost with it. */
  state: z.enum(['making', 'made']),
  path: z.string(),
  branch: z.string(),
  base: z.string(),
  /** Common git directory of the repository that it belongs to. */
  repository: z.string(),
});

/** Forge's own record that it made a worktree, beside the worktree, written before git is called. */
export type WorktreeMarker = z.infer<typeof markerSchema>;

export function readMarker(path: string): WorktreeMarker | null {
  try {
    return markerSchema.parse(JSON.parse(readFileSync(markerFile(path), 'utf8')));
  } catch {
    return null;
  }
}

export function writeMarker(marker: WorktreeMarker): void {
  const file = markerFile(marker.path);
  faultPoint(`marker ${marker.state} before`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(handle, JSON.stringify(marker));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  faultPoint(`marker ${marker.state} after`);
}

function markerFile(path: string): string {
  return join(dirname(path), '.forge-made', `${basename(path)}.json`);
}
