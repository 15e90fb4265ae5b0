import type { Project } from '../config/projects.ts';
import { ownerOf, prefixOf } from '../domain/id-prefix.ts';

/** Fields of an operation's input that hold the id of a task or of a run. */
const fields = ['id', 'task', 'run', 'tasks'] as const;

/** The first id with a prefix that an operation is asked about; null: there is none. */
export function idIn(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const values = fields.flatMap((field) => (input as Record<string, unknown>)[field] ?? []);
  return (values.find((value) => typeof value === 'string' && prefixOf(value) !== null) as string | null) ?? null;
}

/** The checkout of another project that an id belongs to, seen from the one at `here`; null: there is none. */
export function projectOfId(id: string, here: string | null, projects: readonly Project[]): string | null {
  return ownerOf(id, here, projects)?.path ?? null;
}
