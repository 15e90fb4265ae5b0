/** `5:49 AM UTC`, `14:05`. The blank before AM may be a narrow one. */
const shape = /^(\d{1,2}):(\d\d)(?:\s([AP])M)?(?:\s(\S+))?$/;

/** When it is next that time of day after `after`, in ms since the epoch; null: it is no time, or one of another time zone than ours. */
export function nextTime(told: string, after: number): number | null {
  const [isTime, hour, minute, half, zone] = shape.exec(told) ?? [];
  if (isTime === undefined) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  const time = new Date(after);
  time.setHours(hours, Number(minute), 0, 0);
  if (time.getTime() <= after) time.setDate(time.getDate() + 1);
  return zone === undefined || zone === zoneAt(time) ? time.getTime() : null;
}

function zoneAt(time: Date): string | undefined {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(time);
  return parts.find(({ type }) => type === 'timeZoneName')?.value;
}
