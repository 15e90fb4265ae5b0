import { afterAll, beforeAll, expect, test } from 'vitest';
import { nextTime } from '../../src/base/next-time.ts';

const { TZ } = process.env;
beforeAll(() => {
  process.env.TZ = 'America/New_York';
});
afterAll(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

test.each([
  ['5:49 PM EDT', '2026-07-01T13:00', '2026-07-01T17:49'],
  ['5:49\u202fPM EDT', '2026-07-01T13:00', '2026-07-01T17:49'],
  ['5:49 AM EDT', '2026-07-01T13:00', '2026-07-02T05:49'],
  ['12:05 AM EDT', '2026-07-01T23:59', '2026-07-02T00:05'],
  ['12:05 PM EDT', '2026-07-01T11:00', '2026-07-01T12:05'],
  // The clocks are changed in between.
  ['3:00 AM EST', '2026-10-31T23:00', '2026-11-01T03:00'],
  ['14:05', '2026-07-01T13:00', '2026-07-01T14:05'],
])('%s after %s is %s', (told, after, next) => {
  expect(nextTime(told, Date.parse(after))).toBe(Date.parse(next));
});

test.each(['5:49 PM UTC', '5:49 PM EST', 'soon', '5 PM'])('%s is no time of here and now', (told) => {
  expect(nextTime(told, Date.parse('2026-07-01T13:00'))).toBeNull();
});
