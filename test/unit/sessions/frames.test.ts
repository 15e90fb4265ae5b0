import { expect, test } from 'vitest';
import { encodeFrame, type Frame, FrameDecoder, frameKind, payloadBytesMax } from '../../../src/protocol/frames.ts';
import { inPieces, seededRandom } from '../../support/random.ts';

const frames: Frame[] = [
  { kind: frameKind.json, channel: 0, payload: Buffer.from('{"type":"hello"}') },
  { kind: frameKind.output, channel: 7, payload: Buffer.from([0, 1, 2, 255]) },
  { kind: frameKind.input, channel: 0xffff_ffff, payload: Buffer.alloc(0) },
  { kind: frameKind.snapshot, channel: 1, payload: Buffer.from('äöü 🙂') },
];
const stream = Buffer.concat(frames.map(({ kind, channel, payload }) => encodeFrame(kind, channel, payload)));

function plain(decoded: Frame[]) {
  return decoded.map(({ kind, channel, payload }) => ({
    kind,
    channel,
    payload: Buffer.from(payload).toString('hex'),
  }));
}

test('any split of the stream gives the same frames', () => {
  for (let at = 0; at <= stream.length; at++) {
    const decoder = new FrameDecoder();
    const decoded = [...decoder.push(stream.subarray(0, at)), ...decoder.push(stream.subarray(at))];
    expect(plain(decoded), `split at ${at}`).toEqual(plain(frames));
  }
});

test('a byte at a time gives the same frames', () => {
  const decoder = new FrameDecoder();
  expect(plain([...stream].flatMap((byte) => decoder.push(Uint8Array.of(byte))))).toEqual(plain(frames));
});

test('random frames in random pieces arrive as they were sent', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const sent = Array.from({ length: 50 }, () => ({
      kind: 1 + Math.floor(random() * 4),
      channel: Math.floor(random() * 2 ** 32),
      payload: Buffer.from(Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256))),
    }));
    const bytes = Buffer.concat(sent.map(({ kind, channel, payload }) => encodeFrame(kind, channel, payload)));
    const decoder = new FrameDecoder();
    const decoded = inPieces(bytes, random, 97).flatMap((piece) => decoder.push(piece));
    expect(plain(decoded), `seed ${seed}`).toEqual(plain(sent));
  }
});

test.each([
  ['-1', 0xffff_ffff],
  ['2^31', 0x8000_0000],
  ['one more than the largest', payloadBytesMax + 6],
  ['no room for the head', 4],
  ['nothing', 0],
])('a length of %s is refused before its bytes are taken in', (_name, length) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  expect(() => new FrameDecoder().push(head)).toThrow(RangeError);
});

test('a decoder for strangers refuses what is large until they are trusted', () => {
  const large = encodeFrame(frameKind.json, 0, Buffer.alloc(100));
  expect(() => new FrameDecoder(99).push(large)).toThrow(RangeError);
  const decoder = new FrameDecoder(99);
  decoder.acceptAll();
  expect(decoder.push(large)).toHaveLength(1);
});

test('a payload that is too large is not encoded', () => {
  expect(() => encodeFrame(frameKind.output, 1, new Uint8Array(payloadBytesMax + 1))).toThrow(RangeError);
});
