import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DoctorPlace } from './check.ts';

/** Moves a file or folder to the backups, from where a person can bring it back. The new path. */
export function setAside({ paths, now }: DoctorPlace, path: string): string {
  const folder = join(paths.backupsDirectory, 'doctor', String(now()));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let target = join(folder, basename(path));
  for (let n = 2; existsSync(target); n++) target = join(folder, `${basename(path)}-${n}`);
  try {
    renameSync(path, target);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EXDEV') throw failure;
    // Another file system: the copy is whole before the original goes.
    cpSync(path, target, { recursive: true });
    rmSync(path, { recursive: true });
  }
  return target;
}
