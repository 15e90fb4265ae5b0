import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { faultPoint } from '../base/fault-point.ts';
import { fileStamp, markFile, openStamp } from './file-stamp.ts';

/** So much is read at once to find a line, in bytes, or twice a longer line. */
const CHUNK_BYTES = 1 << 20;

/**
 * Appends lines to a file, and then puts spaces in the place of those that they replace. Nobody ever sees fewer lines than
 * there are, and what others append meanwhile stays. Returns the new stamp: '' when somebody else wrote at the same time. Null,
 * and nothing was changed: it is not the file of that stamp, or a line is not there as it was written.
 */
export function patchLines(
  path: string,
  stamp: string,
  gone: readonly string[],
  added: readonly string[],
): string | null {
  const handle = openSync(path, 'r+');
  try {
    const places = gone.map((line) => placeOf(handle, Buffer.from(`${line}\n`)));
    const { size } = fstatSync(handle);
    if (places.includes(null) || byteAt(handle, size - 1) !== '\n') return null;
    if (openStamp(handle) !== stamp || fileStamp(path) !== stamp) return null;
    const text = added.map((line) => `${line}\n`).join('');
    faultPoint('task file before');
    append(path, text);
    faultPoint('task file appended');
    for (const [index, place] of places.entries()) {
      const length = Buffer.byteLength(gone[index] as string);
      writeSync(handle, Buffer.alloc(length, ' '), 0, length, place);
    }
    const isAlone = fstatSync(handle).size === size + Buffer.byteLength(text);
    markFile(handle);
    fdatasyncSync(handle);
    faultPoint('task file after');
    return isAlone && fileStamp(path) === openStamp(handle) ? openStamp(handle) : '';
  } finally {
    closeSync(handle);
  }
}

/** A handle of its own: on one that appends, Linux writes nowhere else. */
function append(path: string, text: string): void {
  if (text !== '') writeFileSync(path, text, { flag: 'a' });
}

/** Where a line begins, with its line break; null: it is not there. */
function placeOf(handle: number, line: Buffer): number | null {
  const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, 2 * line.length));
  for (let at = 0; ; at += chunk.length - line.length) {
    const read = readSync(handle, chunk, 0, chunk.length, at);
    const found = chunk.subarray(0, read).indexOf(line);
    if (found >= 0) return at + found === 0 || byteAt(handle, at + found - 1) === '\n' ? at + found : null;
    if (read < chunk.length) return null;
  }
}

function byteAt(handle: number, position: number): string {
  const byte = Buffer.alloc(1);
  return readSync(handle, byte, 0, 1, position) === 1 ? byte.toString('latin1') : '';
}
