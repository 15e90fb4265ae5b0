import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { faultPoint } from '../base/fault-point.ts';
import { notesFolder } from '../domain/worktree-notes.ts';

const markerSchema = z.object({
  /**
   * `making` from before git is called until it succeeded: nobody was given the worktree, so nothing is lost with it. `removing` from
   * before the first file goes: what was in it is kept elsewhere.
   */
  state: z.enum(['making', 'made', 'removing']),
  path: z.string(),
  /** Empty: it is on none. */
  branch: z.string(),
  base: z.string(),
  /** Common git directory of the repository that it belongs to. */
  repository: z.string(),
  madeAt: z.number().optional(),
  /** Of one that is being made: its branch was there before, with work on it. */
  isBranchOlder: z.boolean().optional(),
  /** Whether its files were copied and its setup commands have run. Absent: an older Forge made it. */
  isPrepared: z.boolean().optional(),
  /** Of one that is being removed: the branch goes too if it still is at this commit. */
  branchTip: z.string().optional(),
  /** Of one that was made ahead. */
  pooled: z
    .object({
      /** What it was made from; another one is made when that changes. */
      key: z.string(),
      /** By which it is seen that nobody has touched it since. */
      seal: z.string(),
      /** In it, relative: of each of them the time is part of the seal. Absent: an older Forge made it. */
      folders: z.array(z.string()).default([]),
    })
    .optional(),
});

/** Forge's own record that it made a worktree, beside the worktree, written before git is called. */
export type WorktreeMarker = z.infer<typeof markerSchema>;

export function readMarker(path: string): WorktreeMarker | null {
  return parseMarker(markerFile(path));
}

/** The markers of all worktrees in a folder. */
export function listMarkers(directory: string): WorktreeMarker[] {
  const folder = join(directory, notesFolder);
  const names = namesIn(folder).filter((name) => name.endsWith('.json'));
  const markers = names.flatMap((name) => parseMarker(join(folder, name)) ?? []);
  // One that was carried elsewhere says nothing of what is here.
  return markers.filter(({ path }) => dirname(path) === directory);
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

export function dropMarker(path: string): void {
  rmSync(markerFile(path), { force: true });
}

/** A place for what is left of a worktree until it is gone, on the same disk. */
export function asideOf(path: string): string {
  return join(dirname(path), notesFolder, `gone-${basename(path)}`);
}

function parseMarker(file: string): WorktreeMarker | null {
  try {
    return markerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function markerFile(path: string): string {
  return join(dirname(path), notesFolder, `${basename(path)}.json`);
}
