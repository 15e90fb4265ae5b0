/**
 * Frames on a local socket, all numbers big-endian:
 *
 *     u32 length of what follows   u8 kind   u32 channel   payload
 *
 * The first frame of each side is a hello (`hello.ts`). `docs/reference/protocol.md` describes the whole.
 */
export const frameKind = {
  /** One JSON value in UTF-8; channel 0. */
  json: 1,
  /** Bytes that a session wrote, host to client; the channel is that of the attachment. */
  output: 2,
  /** Bytes as a keyboard sends them, client to host. */
  input: 3,
  /** Bytes that draw the whole present screen on an empty one: what came before on the channel no longer counts. */
  snapshot: 4,
  /** The cells that the first snapshot of an attachment will draw (`still.ts`), ahead of it: who needs no more makes no emulator yet. */
  still: 5,
} as const;

/** Largest payload, in bytes. A screen or a view of a project is far below; more than this is a fault or an attack. */
export const payloadBytesMax = 16 * 1024 * 1024;

const headBytes = 5;

export interface Frame {
  kind: number;
  channel: number;
  payload: Uint8Array;
}

/** Throws for a payload that is too large. */
export function encodeFrame(kind: number, channel: number, payload: Uint8Array): Buffer {
  if (payload.length > payloadBytesMax) throw new RangeError(`A frame of ${payload.length} bytes is too large.`);
  const frame = Buffer.allocUnsafe(4 + headBytes + payload.length);
  frame.writeUInt32BE(headBytes + payload.length, 0);
  frame.writeUInt8(kind, 4);
  frame.writeUInt32BE(channel, 5);
  frame.set(payload, 9);
  return frame;
}

/** Cuts a stream into frames, wherever it was split. `push` throws for a length that no frame can have: end the peer then. */
export class FrameDecoder {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #payloadMax: number;

  /** Refuses payloads above `payloadMax` bytes until `acceptAll`. */
  constructor(payloadMax = payloadBytesMax) {
    this.#payloadMax = payloadMax;
  }

  acceptAll(): void {
    this.#payloadMax = payloadBytesMax;
  }

  push(chunk: Uint8Array): Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    for (let size = this.#nextSize(); size !== null && this.#length >= 4 + size; size = this.#nextSize()) {
      const bytes = this.#take(4 + size);
      frames.push({ kind: bytes.readUInt8(4), channel: bytes.readUInt32BE(5), payload: bytes.subarray(9) });
    }
    return frames;
  }

  #nextSize(): number | null {
    if (this.#length < 4) return null;
    const size = this.#joined(4).readUInt32BE(0);
    if (size < headBytes || size > headBytes + this.#payloadMax) {
      throw new RangeError(`A frame of ${size} bytes cannot be.`);
    }
    return size;
  }

  #take(count: number): Buffer {
    const bytes = this.#joined(count);
    const [first = bytes] = this.#chunks;
    this.#chunks[0] = first.subarray(count);
    if (first.length === count) this.#chunks.shift();
    this.#length -= count;
    return Buffer.from(bytes.subarray(0, count));
  }

  /** At least `count` bytes at the front, as one piece. */
  #joined(count: number): Buffer {
    const [first] = this.#chunks;
    if (first && first.length >= count) return Buffer.from(first.buffer, first.byteOffset, first.length);
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
