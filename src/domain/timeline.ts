import { age } from '../base/age.ts';
import type { RunEvent } from './run.ts';

/** One event of a run as a person reads it, in the order of the columns. */
export interface TimelineRow {
  at: number;
  /** The status that it brought about; empty when that stayed as it was. */
  status: string;
  /** How long the run was in that status, or has been until now; empty when the event did not change it. */
  lasted: string;
  type: string;
  /** `person:ada`, `supervisor`, `host`, `agent`, `gate:tests`. */
  actor: string;
  cause: string;
  reason: string;
}

export function timelineOf(events: readonly RunEvent[], now: number): TimelineRow[] {
  const isChange = (index: number) => events[index]?.status !== events[index - 1]?.status;
  return events.map(({ at, status, type, actor, cause, payload }, index) => {
    const next = events.findIndex((_event, later) => later > index && isChange(later));
    const isOver = next < 0 && /^(done|failed|cancelled)$/.test(status);
    return {
      ...{ at, type, actor, cause: cause ?? '' },
      status: isChange(index) ? status : '',
      lasted: isChange(index) && !isOver ? age((events[next]?.at ?? now) - at) : '',
      reason: reasonOf(payload),
    };
  });
}

function reasonOf({ reason, files, against }: Record<string, unknown>): string {
  if (typeof reason === 'string') return reason;
  return Array.isArray(files) ? `conflicts with ${against} in ${files.join(', ')}` : '';
}
