import { expect, test } from 'vitest';
import { daySpentAt, daysLeft, pacePerDay } from '../../src/domain/forecast.ts';

const at = (hours: number, minutes = 0) => new Date(2026, 10, 21, hours, minutes).getTime();

test('the pace is that of the last days, from the first on of which something is known', () => {
  expect(pacePerDay(new Map([['2026-11-19', 9]]), at(12))).toBe(3);
  expect(
    pacePerDay(
      new Map([
        ['2026-11-20', 4],
        ['2026-11-21', 2],
      ]),
      at(12),
    ),
  ).toBe(3);
  expect(pacePerDay(new Map([['2026-11-01', 100]]), at(12))).toBeNull();
});

test('a limit of the day is spent at the pace of the day, or not today', () => {
  expect(daySpentAt(5, 7.5, at(10))).toBe(at(15));
  expect(daySpentAt(5, 20, at(12))).toBeNull();
  expect(daySpentAt(0, 20, at(12))).toBeNull();
  // Half an hour says nothing of a day.
  expect(daySpentAt(5, 7.5, at(0, 10))).toBeNull();
});

test('what is left lasts as long as the pace lets it', () => {
  expect(daysLeft(30, 4)).toBe(7.5);
  expect(daysLeft(-1, 4)).toBe(0);
});
