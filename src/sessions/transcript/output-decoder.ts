import { isUtf8 } from 'node:buffer';

const replacement = Buffer.from('\u{fffd}');

/**
 * Bytes of a program as text that draws the same: characters that are cut at the end of a chunk wait for the next, and what is
 * no UTF-8 is left out, as the emulator does.
 */
export class OutputDecoder {
  #cut: Uint8Array = new Uint8Array(0);

  decode(bytes: Uint8Array): string {
    const all = this.#cut.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#cut, bytes]);
    const end = all.length - cutLength(all);
    this.#cut = Uint8Array.prototype.slice.call(all, end);
    const whole = all.subarray(0, end);
    return isUtf8(whole) ? whole.toString('utf8') : withoutInvalid(whole);
  }

  /** Forgets the beginning of a character whose rest will not come. */
  reset(): void {
    this.#cut = new Uint8Array(0);
  }
}

/** Bytes of a character that has begun at the end of `bytes` and lacks some: 0 to 3. */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? back : 0;
  }
  return 0;
}

/** The decoder marks what is invalid; marks that the program wrote itself are kept. */
function withoutInvalid(bytes: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at <= bytes.length; ) {
    const next = bytes.indexOf(replacement, at);
    const end = next < 0 ? bytes.length : next;
    parts.push(bytes.toString('utf8', at, end).replaceAll('\u{fffd}', ''));
    at = end + replacement.length;
  }
  return parts.join('\u{fffd}');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
