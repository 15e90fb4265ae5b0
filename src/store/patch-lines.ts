import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { faultPoint } from '../base/fault-point.ts';
import { fileStamp, markFile, openStamp } from './file-stamp.ts';

/** So much is read at once to find a line, in bytes, or twice a longer line. */
const CHUNK_BYTES = 1 << 18;
/** Lines that were put into a file are at its end, before which the others are in order: no more than so many bytes of it. */
const END_BYTES = 1 << 20;
/** So much is read to see where in the file it is, in bytes. */
const PROBE_BYTES = 1 << 14;

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
  const handle = openOrNull(path);
  if (handle === null) return null;
  try {
    const { size } = fstatSync(handle);
    const places = gone.map((line) => placeOf(handle, size, line));
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
    markFile(handle);
    // Asked after the mark: who writes later moves the time.
    const isAlone = fstatSync(handle).size === size + Buffer.byteLength(text);
    fdatasyncSync(handle);
    faultPoint('task file after');
    return isAlone && fileStamp(path) === openStamp(handle) ? openStamp(handle) : '';
  } finally {
    closeSync(handle);
  }
}

/** Null: it is gone, or may only be replaced. */
function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r+');
  } catch {
    return null;
  }
}

/** A handle of its own: on one that appends, Linux writes nowhere else. */
function append(path: string, text: string): void {
  if (text !== '') writeFileSync(path, text, { flag: 'a' });
}

/** Where a line begins; null: it is not there. Looked for where it should be first, and then everywhere. */
function placeOf(handle: number, size: number, text: string): number | null {
  const line = Buffer.from(`${text}\n`);
  const end = Math.max(0, size - END_BYTES);
  const [from, to] = rangeOf(handle, /^\{"id":"([^"]+)"/.exec(text)?.[1] ?? '', end);
  return find(handle, line, end, size) ?? find(handle, line, from, to) ?? find(handle, line, 0, size);
}

/** Between which bytes the line of a task begins, where those before `end` are in order. */
function rangeOf(handle: number, id: string, end: number): [from: number, to: number] {
  const probe = Buffer.alloc(PROBE_BYTES);
  let [from, to] = [0, end];
  while (to - from > CHUNK_BYTES) {
    const middle = Math.floor((from + to) / 2);
    const text = probe.toString('latin1', 0, readSync(handle, probe, 0, probe.length, middle));
    const found = /\n\{"id":"([^"]+)"/.exec(text);
    if (found === null) break;
    if ((found[1] as string) <= id) from = middle + found.index + 1;
    else to = middle;
  }
  return [from, to];
}

/** Where a line begins, from one byte to another. */
function find(handle: number, line: Buffer, from: number, to: number): number | null {
  const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, 2 * line.length));
  for (let at = from; at < to; at += chunk.length - line.length) {
    const found = chunk.subarray(0, readSync(handle, chunk, 0, chunk.length, at)).indexOf(line);
    if (found >= 0) return at + found === 0 || byteAt(handle, at + found - 1) === '\n' ? at + found : null;
  }
  return null;
}

function byteAt(handle: number, position: number): string {
  const byte = Buffer.alloc(1);
  return readSync(handle, byte, 0, 1, position) === 1 ? byte.toString('latin1') : '';
}
