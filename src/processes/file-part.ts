import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** In bytes; 0 when it is not there. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Of a file that may be larger than memory; empty when it cannot be read. */
export function readPart(file: string, from: number, length: number): Buffer {
  const part = Buffer.alloc(length);
  let opened: number | null = null;
  try {
    opened = openSync(file, 'r');
    return part.subarray(0, readSync(opened, part, 0, length, from));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (opened !== null) closeSync(opened);
  }
}
