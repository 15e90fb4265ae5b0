import type { Task } from '../domain/task.ts';

/** A task of which nothing is known but what it is called. */
export function bareTask(id: string, title: string, now: number): Task {
  const lists = { labels: [], dependsOn: [] };
  const times = { createdAt: now, updatedAt: now, closedAt: null };
  return { id, title, body: '', status: 'open', priority: 2, ...lists, parent: null, ...times };
}
