import type { ShownItem } from './dashboard-model.ts';

/** Names a task that is put off, over all projects. */
export function snoozeKey({ project, task }: ShownItem): string {
  return `${project} ${task.id}`;
}

/** Changes whenever the task stands otherwise: what was put off comes back then. */
export function standingKey({ phase, note, run, session }: ShownItem): string {
  return [phase, note, run?.id, run?.status, session?.status.state, session?.status.since].join(' ');
}

/** Tasks that need somebody, without those that were put off as they stand now. */
export function waitingItems(items: readonly ShownItem[], snoozed: ReadonlyMap<string, string>): ShownItem[] {
  return items.filter((item) => item.phase === 'needs-you' && snoozed.get(snoozeKey(item)) !== standingKey(item));
}
