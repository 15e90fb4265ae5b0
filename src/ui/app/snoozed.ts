import type { WorkItem } from '../../app/views/work-items.ts';

/** Changes whenever the task stands otherwise: what was put off comes back then. */
export function standingKey({ phase, note, run, session }: WorkItem): string {
  return [phase, note, run?.id, run?.status, session?.status.state, session?.status.since].join(' ');
}

/** Tasks that need somebody, without those that were put off as they stand now. */
export function waitingItems(items: readonly WorkItem[], snoozed: ReadonlyMap<string, string>): WorkItem[] {
  return items.filter((item) => item.phase === 'needs-you' && snoozed.get(item.task.id) !== standingKey(item));
}
