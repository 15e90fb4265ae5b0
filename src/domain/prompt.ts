import type { Task } from './task.ts';

/** The task as the agent is told it: the title, an empty line, the body. */
export function promptFor(task: Pick<Task, 'title' | 'body'>): string {
  const body = task.body.trim();
  return body === '' ? task.title : `${task.title}\n\n${body}`;
}
