import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FrameScheduler } from '../../src/ui/screen/frame-scheduler.ts';

let paints: number[];
let isReady: boolean;
let scheduler: FrameScheduler;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(0);
  paints = [];
  isReady = true;
  scheduler = new FrameScheduler({
    paint: () => paints.push(Date.now()),
    canPaint: () => isReady,
    now: () => Date.now(),
  });
});

afterEach(() => {
  scheduler.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('the first change is painted at once, those of a frame together', () => {
  scheduler.requestFrame();
  for (let change = 0; change < 5; change++) scheduler.requestFrame();
  vi.advanceTimersByTime(100);
  expect(paints).toEqual([0, 16]);
});

test('the answer to a key does not wait for the frame, its second chunk waits two milliseconds', () => {
  scheduler.requestFrame();
  vi.advanceTimersByTime(5);
  scheduler.requestFrame();
  scheduler.requestNow();
  scheduler.requestNow();
  vi.advanceTimersByTime(100);
  expect(paints).toEqual([0, 5, 7]);
});

test('what comes while the terminal is behind is painted once when it is ready', () => {
  isReady = false;
  for (let change = 0; change < 5; change++) scheduler.requestNow();
  vi.advanceTimersByTime(100);
  expect(paints).toEqual([]);
  isReady = true;
  scheduler.resume();
  scheduler.resume();
  vi.advanceTimersByTime(100);
  expect(paints).toEqual([100]);
});
