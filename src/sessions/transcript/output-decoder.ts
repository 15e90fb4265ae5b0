import { isUtf8 } from 'node:buffer';
import { cutCharacter } from '../screen/cut-character.ts';

const replacement = Buffer.from('\u{fffd}');

/**
 * Bytes of a program as text that draws the same: characters that are cut at the end of a chunk wait for the next, and what is
 * no UTF-8 is left out, as the emulator does.
 */
export class OutputDecoder {
  #cut: Uint8Array = new Uint8Array(0);

  decode(bytes: Uint8Array): string {
    const all = this.#cut.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#cut, bytes]);
    const end = all.length - cutCharacter(all);
    this.#cut = Uint8Array.prototype.slice.call(all, end);
    const whole = all.subarray(0, end);
    return isUtf8(whole) ? whole.toString('utf8') : withoutInvalid(whole);
  }

  /** Forgets the beginning of a character whose rest will not come. */
  reset(): void {
    this.#cut = new Uint8Array(0);
  }
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
