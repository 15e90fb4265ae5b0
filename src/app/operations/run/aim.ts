import type { Run } from '../../../domain/run.ts';
import type { Aim } from '../../../ports/delivery.ts';
import type { Store } from '../../../ports/store.ts';

/** What the work in the worktree of this run was meant for before an agent began there; null: an earlier version began it. */
export function aimOf(store: Store, { task }: Run): Aim | null {
  const ofTask = store.runs.list().filter((run) => run.task === task);
  for (const { id } of ofTask.sort((a, b) => a.createdAt - b.createdAt)) {
    const prepared = store.runs.events(id).find(({ type }) => type === 'worktree.prepared');
    const { aim } = (prepared?.payload ?? {}) as { aim?: Aim };
    if (aim) return aim;
  }
  return null;
}
