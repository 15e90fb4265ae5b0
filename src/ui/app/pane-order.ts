import type { SessionView } from '../../domain/session.ts';

/**
 * In the order that the person gave them, then oldest first. The sessions of one task stand together, until the person moves one:
 * one that came later stands behind those.
 */
export function inOrder(sessions: readonly SessionView[], order: readonly string[]): SessionView[] {
  const own = new Map(order.map((id, index) => [id, index]));
  const tasks = Map.groupBy(sessions, taskOf);
  const standing = sessions.map((session) => {
    const task = tasks.get(taskOf(session)) ?? [];
    const beside = Math.max(...task.map(({ id }) => own.get(id) ?? -1));
    return {
      session,
      place: own.get(session.id) ?? (beside < 0 ? order.length : beside + 0.5),
      begunAt: Math.min(...task.map(({ startedAt }) => startedAt)),
    };
  });
  standing.sort(
    (a, b) =>
      a.place - b.place ||
      a.begunAt - b.begunAt ||
      (taskOf(a.session) < taskOf(b.session) ? -1 : 1) * Number(taskOf(a.session) !== taskOf(b.session)) ||
      a.session.startedAt - b.session.startedAt ||
      (a.session.id < b.session.id ? -1 : 1),
  );
  return standing.map(({ session }) => session);
}

function taskOf({ labels, id }: SessionView): string {
  return labels.task === undefined ? id : `${labels.project} ${labels.task}`;
}
