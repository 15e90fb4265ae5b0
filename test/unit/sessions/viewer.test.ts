import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from '../../../src/daemon/connection.ts';
import { encodeFrame, frameKind, payloadBytesMax } from '../../../src/protocol/frames.ts';
import { Viewer } from '../../../src/sessions/host/viewer.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';
import { snapshot } from '../../../src/sessions/screen/snapshot.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A viewer that reads at once unless it is `stopped`, and what it was sent since the last look. */
async function watch(emulator = new Emulator(40, 4)) {
  const sent: { kind: number; text: string }[] = [];
  let isStopped = false;
  const connection = {
    backlogBytes: 0,
    get needsDrain() {
      return this.backlogBytes > 0;
    },
    send: () => {},
    sendBytes(kind: number, channel: number, bytes: Uint8Array) {
      const { length } = encodeFrame(kind, channel, bytes);
      if (isStopped) this.backlogBytes += length;
      sent.push({ kind, text: `${Buffer.from(bytes)}` });
    },
  };
  const viewer = new Viewer(connection as unknown as Connection, 1, emulator);
  const write = async (text: string) => {
    viewer.output(Buffer.from(text));
    await new Promise<void>((resolve) => emulator.write(text, resolve));
  };
  await write('');
  const stop = () => {
    isStopped = true;
  };
  const readOn = () => {
    isStopped = false;
    connection.backlogBytes = 0;
    viewer.drained();
  };
  return { viewer, connection, write, stop, readOn, since: () => sent.splice(0) };
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

test('one that stops reading is sent a bounded rest, then the newest screen when it reads on; another misses nothing', async () => {
  const emulator = new Emulator(40, 4);
  const slow = await watch(emulator);
  const other = await watch(emulator);
  other.since();
  slow.since();
  slow.stop();
  let written = '';
  for (let line = 0; line < 300; line++) {
    const bytes = `${'x'.repeat(8_000)}\r\nline ${line}\r\n`;
    written += bytes;
    other.viewer.output(Buffer.from(bytes));
    await slow.write(bytes);
    // Slowly: this is no flood.
    vi.advanceTimersByTime(50);
  }
  expect(slow.connection.backlogBytes).toBeGreaterThan(1024 * 1024);
  expect(slow.connection.backlogBytes).toBeLessThan(1024 * 1024 + 16_000);
  expect(
    written.startsWith(
      slow
        .since()
        .map(({ text }) => text)
        .join(''),
    ),
  ).toBe(true);
  expect(
    other
      .since()
      .map(({ text }) => text)
      .join('') === written,
  ).toBe(true);

  slow.readOn();
  await slow.write('after it');
  const [picture, ...more] = slow.since();
  expect(picture).toMatchObject({ kind: frameKind.snapshot, text: expect.stringContaining('line 299') });
  expect(more).toEqual([{ kind: frameKind.output, text: 'after it' }]);
});

test('the first snapshot has a still ahead of it, those that follow have none', async () => {
  const { write, stop, readOn, since } = await watch();
  expect(since().map(({ kind }) => kind)).toEqual([frameKind.still, frameKind.snapshot, frameKind.output]);
  stop();
  for (let n = 0; n < 40; n++) await write('x'.repeat(40_000));
  readOn();
  await write('');
  vi.advanceTimersByTime(200);
  const kinds = since().map(({ kind }) => kind);
  expect(kinds).toContain(frameKind.snapshot);
  expect(kinds).not.toContain(frameKind.still);
});
