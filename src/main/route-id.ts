import type { Project } from '../config/projects.ts';

/** Fields of an operation's input that hold the id of a task or of a run. */
const fields = ['id', 'task', 'run', 'tasks'] as const;
/** As people type it: with a prefix, which is what says where it belongs. */
const withPrefix = /^([a-z][a-z0-9]{1,7})-[a-z0-9-]+$/;

/** The first id with a prefix that an operation is asked about; null: there is none. */
export function idIn(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const values = fields.flatMap((field) => (input as Record<string, unknown>)[field] ?? []);
  return (values.find((value) => typeof value === 'string' && withPrefix.test(value)) as string | null) ?? null;
}

/**
 * The checkout of the project that an id belongs to by its prefix. Null: the project at `here`, which has that prefix, or no
 * other has it, or several.
 */
export function projectOfId(id: string, here: string | null, projects: readonly Project[]): string | null {
  const prefix = withPrefix.exec(id)?.[1];
  const owners = projects.filter((project) => project.prefix === prefix);
  const [owner] = owners;
  if (owner === undefined || owners.length > 1 || owners.some(({ path }) => path === here)) return null;
  return owner.path;
}
