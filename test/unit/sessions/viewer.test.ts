import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from '../../../src/daemon/connection.ts';
import { frameKind } from '../../../src/protocol/frames.ts';
import { Viewer } from '../../../src/sessions/host/viewer.ts';
import { Emulator } from '../../../src/sessions/screen/emulator.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A viewer that reads at once, and what it was sent since the last look. */
async function watch() {
  const emulator = new Emulator(40, 4);
  const sent: { kind: number; text: string }[] = [];
  const connection = {
    backlogBytes: 0,
    needsDrain: false,
    send: () => {},
    sendBytes: (kind: number, _channel: number, bytes: Uint8Array) =>
      sent.push({ kind, text: `${Buffer.from(bytes)}` }),
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
