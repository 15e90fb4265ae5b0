import { ForgeError } from '../base/errors.ts';
import type { OutsideTasks } from './outside-tasks.ts';
import type { TaskGraph } from './task-store-input.ts';

/** The whole id of the one task that a typed one means. `outside`: or of another project. Throws `task.missing`. */
export function meantTask({ rows, prefix }: TaskGraph, id: string, outside: OutsideTasks | null = null): string {
  const here = rows.find(id, prefix);
  const found = here.length === 0 ? (outside?.meant(id) ?? []) : here;
  if (found.length === 1) return found[0] as string;
  const why = outside?.problem(id) ?? null;
  if (found.length === 0)
    throw new ForgeError('task.missing', `there is no task ${id}${why === null ? '' : `: ${why}`}`);
  throw new ForgeError('task.missing', `${id} can mean ${found.slice(0, 5).join(', ')}`, {
    next: 'Give more of the id.',
  });
}
