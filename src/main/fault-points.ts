import { appendFileSync, readFileSync, renameSync } from 'node:fs';
import { onFaultPoint } from '../base/fault-point.ts';
import { readEnvironment } from '../config/paths.ts';

/**
 * Only in a build for the crash harness (`test/crash`): this process ends itself at the point that the file FORGE_FAULT_FILE
 * names, once, whichever process comes there first. Beside that file it writes down which points are passed.
 */
export function armFaultPoints(): void {
  const file = readEnvironment().FORGE_FAULT_FILE;
  if (file === undefined) return;
  const seen = new Set<string>();
  onFaultPoint((point) => {
    if (!seen.has(point)) appendFileSync(`${file}.seen`, `${point}\n`);
    seen.add(point);
    if (wanted(file) !== point) return;
    try {
      renameSync(file, `${file}.struck`);
    } catch {
      // Another process was there first.
      return;
    }
    process.kill(process.pid, 'SIGKILL');
  });
}

function wanted(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
