import { dayOf } from '../base/day.ts';

const dayMs = 86_400_000;

/** Days that a pace is reckoned from, today included. */
const paceDays = 7;

/** So early in a day its pace says nothing, in ms since midnight. */
const morningMs = 30 * 60_000;

/** US dollars a day, over the last days of which any is known; `spent` by day, as `2026-11-21`. Null: nothing was spent. */
export function pacePerDay(spent: ReadonlyMap<string, number>, now: number): number | null {
  const days = Array.from({ length: paceDays }, (_, back) => dayOf(now - back * dayMs));
  const oldest = days.findLastIndex((day) => (spent.get(day) ?? 0) > 0);
  if (oldest < 0) return null;
  return days.reduce((sum, day) => sum + (spent.get(day) ?? 0), 0) / (oldest + 1);
}

/** When today's limit is spent at today's pace, in ms since the epoch; null: not today, or it cannot be said yet. */
export function daySpentAt(todayUsd: number, limitUsd: number, now: number): number | null {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const sinceMs = now - midnight;
  if (todayUsd <= 0 || sinceMs < morningMs || todayUsd >= limitUsd) return null;
  const at = midnight + (sinceMs * limitUsd) / todayUsd;
  return at < midnight + dayMs ? at : null;
}

/** Days until `leftUsd` is spent at that pace. */
export function daysLeft(leftUsd: number, perDayUsd: number): number {
  return Math.max(0, leftUsd) / perDayUsd;
}
