import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { NewsBetweenKeys } from '../../src/ui/app/news-between-keys.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const keys = { last: Number.NEGATIVE_INFINITY };
  const told: Partial<ProjectView>[] = [];
  const news = new NewsBetweenKeys(
    (slices) => told.push(slices),
    () => keys.last,
    Date.now,
  );
  return { keys, told, news };
}

test('news is told at once when nobody types', () => {
  const { told, news } = watched();
  news.add({ problems: ['one'] });
  expect(told).toEqual([{ problems: ['one'] }]);
});

test('news waits for the answer to a key, and comes joined', () => {
  const { keys, told, news } = watched();
  keys.last = Date.now();
  news.add({ problems: ['one'] });
  news.add({ problems: ['two'] });
  news.add({ runs: [] });
  vi.advanceTimersByTime(99);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([{ problems: ['two'], runs: [] }]);
});

test('somebody who never stops typing hears it after a second', () => {
  const { keys, told, news } = watched();
  keys.last = Date.now();
  news.add({ problems: ['one'] });
  for (let ms = 0; ms < 1_000; ms += 50) {
    expect(told).toEqual([]);
    keys.last = Date.now();
    vi.advanceTimersByTime(50);
  }
  expect(told).toHaveLength(1);
});

test('nothing is told after the end', () => {
  const { keys, told, news } = watched();
  keys.last = Date.now();
  news.add({ problems: ['one'] });
  news.dispose();
  vi.advanceTimersByTime(2_000);
  expect(told).toEqual([]);
});
