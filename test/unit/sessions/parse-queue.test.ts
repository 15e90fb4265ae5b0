import { expect, onTestFinished, test, vi } from 'vitest';
import { ParseLine, ParseQueue } from '../../../src/sessions/screen/parse-queue.ts';

test('everything is parsed in order, and each write is told when it is done', async () => {
  const queue = new ParseQueue();
  const parsed: number[] = [];
  const line = new ParseLine(queue, (bytes) => parsed.push(...bytes));
  const written: number[] = [];
  const ends: number[] = [];
  await new Promise<void>((resolve) => {
    for (let count = 0; count < 30; count++) {
      const bytes = Uint8Array.from({ length: count * 700 }, (_, at) => (at * 7 + count) % 251);
      written.push(...bytes);
      const end = written.length;
      line.add(bytes, () => {
        ends.push(parsed.length - end);
        if (count === 29) resolve();
      });
    }
  });
  expect(Buffer.compare(Buffer.from(parsed), Buffer.from(written))).toBe(0);
  expect(ends).toEqual(Array.from({ length: 30 }, () => 0));
});

test('one with little to parse does not wait for one with much', async () => {
  const queue = new ParseQueue();
  let much = 0;
  const busy = new ParseLine(queue, (bytes) => {
    much += bytes.length;
  });
  const quick = new ParseLine(queue, () => {});
  busy.add(new Uint8Array(4 * 1024 * 1024), () => {});
  const before = await new Promise<number>((resolve) => quick.add(new Uint8Array(10), () => resolve(much)));
  expect(before).toBe(4_096);
  busy.clear();
});

test('what is slow to parse is cut into small pieces', async () => {
  const queue = new ParseQueue();
  const pieces: number[] = [];
  let clock = 0;
  const line = new ParseLine(
    queue,
    (bytes) => {
      pieces.push(bytes.length);
      // A millisecond for each 64 bytes.
      clock += bytes.length / 64;
    },
    () => clock,
  );
  await new Promise<void>((resolve) => line.add(new Uint8Array(20_000), resolve));
  expect(pieces[0]).toBe(4_096);
  expect(pieces.at(-2)).toBe(256);
  expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBe(20_000);
});

test('cleared in the middle of a write, nothing more of it is parsed and nothing is told', async () => {
  const queue = new ParseQueue();
  let parsed = 0;
  let isTold = false;
  const line: ParseLine = new ParseLine(queue, (bytes) => {
    parsed += bytes.length;
    line.clear();
  });
  line.add(new Uint8Array(100_000), () => {
    isTold = true;
  });
  const other = new ParseLine(queue, () => {});
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => other.add(new Uint8Array(1), resolve));
  expect(parsed).toBe(4_096);
  expect(isTold).toBe(false);
});

test('what goes wrong with one write holds up neither the next one nor another emulator', () => {
  vi.useFakeTimers({ toFake: ['setImmediate'] });
  onTestFinished(() => void vi.useRealTimers());
  const queue = new ParseQueue();
  const told: string[] = [];
  const [one, other] = [new ParseLine(queue, () => {}), new ParseLine(queue, () => {})];
  one.add(new Uint8Array(1), () => {
    throw new Error('a fault');
  });
  one.add(new Uint8Array(1), () => told.push('the next one'));
  other.add(new Uint8Array(1), () => told.push('another emulator'));
  expect(() => vi.runAllTimers()).toThrow('a fault');
  vi.runAllTimers();
  expect(told.sort()).toEqual(['another emulator', 'the next one']);
});
