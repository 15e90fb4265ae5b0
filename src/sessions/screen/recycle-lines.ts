import type { Terminal } from '@xterm/headless';
import { coreOf, type RawLine } from './internals.ts';

interface LinePrototype extends RawLine {
  length: number;
  isWrapped: boolean;
  copyFrom(source: LinePrototype): void;
}

/**
 * When the history is full, a line that leaves it becomes the new last one: 80,000 times a second in a flood. The emulator's own way
 * gives it two new empty objects each time, and a young object in each of a thousand old lines is what V8's collections take longest
 * for: with eight busy sessions several ms every 200 ms, and all of the heap every second. The lines of all terminals have one prototype.
 */
export function recycleLines(terminal: Terminal): void {
  const prototype = Object.getPrototypeOf(coreOf(terminal).buffer.lines.get(0)) as LinePrototype;
  prototype.copyFrom = copyFrom;
}

function copyFrom(this: LinePrototype, source: LinePrototype): void {
  if (this.length === source.length) this._data.set(source._data);
  else this._data = Uint32Array.from(source._data);
  this.length = source.length;
  this.isWrapped = source.isWrapped;
  if (hasAny(this._combined) || hasAny(source._combined)) this._combined = { ...source._combined };
  if (hasAny(this._extendedAttrs) || hasAny(source._extendedAttrs)) this._extendedAttrs = { ...source._extendedAttrs };
}

function hasAny(cells: object): boolean {
  for (const _ in cells) return true;
  return false;
}
