import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from '../../../src/daemon/connection.ts';
import { encodeFrame, frameKind, payloadBytesMax } from '../../../src/protocol/frames.ts';
import { Viewer } from '../../../src/sessions/host/viewer.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A viewer that reads at once, and what it was sent since the last look. */
async function watch(emulator = new Emulator(40, 4)) {
  const sent: { kind: number; text: string }[] = [];
  const connection = {
    backlogBytes: 0,
    needsDrain: false,
    send: () => {},
    sendBytes: (kind: number, channel: number, bytes: Uint8Array) => {
      encodeFrame(kind, channel, bytes);
      sent.push({ kind, text: `${Buffer.from(bytes)}` });
    },
  };
  const viewer = new Viewer(connection as unknown as Connection, 1, emulator);
  const write = async (text: string) => {
    viewer.output(Buffer.from(text));
    await new Promise<void>((resolve) => emulator.write(text, resolve));
  };
  await write('');
  return { write, since: () => sent.splice(0) };
}

test('what a flood ends with is shown when the program pauses, once, and every byte again when the flood is over', async () => {
  const { write, since } = await watch();
  await write('line\r\n'.repeat(12_000));
  since();
  await write('the end');
  vi.advanceTimersByTime(8);
  expect(since()).toEqual([]);
  vi.advanceTimersByTime(8);
  const [picture, ...more] = since();
  expect(picture).toMatchObject({ kind: frameKind.snapshot });
  expect(picture?.text).toContain('the end');
  expect(more).toEqual([]);
  vi.advanceTimersByTime(24);
  expect(since()).toEqual([]);
  // The period is over, and had few bytes.
  vi.advanceTimersByTime(16);
  await write('x');
  expect(since()).toMatchObject([{ kind: frameKind.snapshot }, { kind: frameKind.output, text: 'x' }]);
});

test('a flood that goes on is shown once a period', async () => {
  const { write, since } = await watch();
  await write('line\r\n'.repeat(12_000));
  since();
  for (let ms = 0; ms < 112; ms += 4) {
    await write('line\r\n'.repeat(2_000));
    vi.advanceTimersByTime(4);
  }
  expect(since().map(({ kind }) => kind)).toEqual([frameKind.snapshot, frameKind.snapshot]);
});

test('a screen that fits no frame comes in several', async () => {
  const emulator = new Emulator(1_000, 500);
  const cell = (index: number) => `\x1b[38;2;200;${100 + (index % 100)};200;48;2;200;200;${100 + (index % 99)}mx`;
  const cells = Array.from({ length: 1_000 * 500 }, (_, index) => cell(index)).join('');
  await new Promise<void>((resolve) => emulator.write(cells, resolve));
  const { since } = await watch(emulator);
  const frames = since().filter(({ text }) => text !== '');
  expect(frames.map(({ kind }) => kind)).toEqual([frameKind.snapshot, frameKind.output]);
  expect(frames[0]?.text.length).toBe(payloadBytesMax);
  expect(frames.map(({ text }) => text).join('') === snapshot(emulator)).toBe(true);
});
