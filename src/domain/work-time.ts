import type { RunEvent } from './run.ts';

const begins: ReadonlySet<string> = new Set(['session.started', 'run.resumed', 'gates.failed']);
const ends: ReadonlySet<string> = new Set([
  ...['agent.answered', 'agent.waiting', 'session.exited', 'session.lost', 'run.paused'],
]);

/**
 * How long the agent of a run was at work, by its history: not while it waited for a person, nor while gates ran. `busySince`: since when
 * it is at work now, if that is known; what began with words at its pane is in no event before it ends.
 */
export function workedMs(events: readonly RunEvent[], now: number, busySince: number | null): number {
  let worked = 0;
  let since: number | null = null;
  for (const { type, at, payload } of events) {
    if (begins.has(type)) since ??= at;
    if (!ends.has(type)) continue;
    const promptAt = typeof payload.promptAt === 'number' ? payload.promptAt : at;
    worked += at - Math.min(at, since ?? promptAt);
    since = null;
  }
  const open = since ?? busySince;
  return worked + (open === null ? 0 : Math.max(0, now - open));
}
