import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../base/is-alive.ts';

/** What a killed process left goes when it is so old, in ms: a process that shares this folder, and not its ids, may still use it. */
const leftMs = 24 * 60 * 60 * 1000;

const named = /^forge-(?:data|index|restore|scratch|trial)-(\d+)-\w{6}$/;

/** A new folder outside of every repository; whoever asks for it removes it. */
export function temporaryFolder(kind: 'data' | 'index' | 'restore' | 'scratch' | 'trial'): string {
  return mkdtempSync(join(tmpdir(), `forge-${kind}-${process.pid}-`));
}

/** Removes what killed processes of this person left. */
export function removeLeftFolders(now: number): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = named.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    const isOurs = stat?.isDirectory() === true && stat.uid === process.getuid?.();
    if (isOurs && now - stat.mtimeMs > leftMs) rmSync(folder, { recursive: true, force: true });
  }
}
