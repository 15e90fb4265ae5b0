/** As people type it: with a prefix, which is what says where it belongs. */
const withPrefix = /^([a-z][a-z0-9]{1,7})-[a-z0-9-]+$/;

/** The part of an id that says of which project it is; null: it has none. */
export function prefixOf(id: string): string | null {
  return withPrefix.exec(id)?.[1] ?? null;
}

/**
 * The project that an id belongs to by its prefix. Null: the project at `here`, which has that prefix, or no other has it, or
 * several.
 */
export function ownerOf<Known extends { path: string; prefix: string }>(
  id: string,
  here: string | null,
  projects: readonly Known[],
): Known | null {
  const prefix = prefixOf(id);
  const owners = projects.filter((project) => project.prefix === prefix);
  const [owner] = owners;
  if (owner === undefined || owners.length > 1 || owners.some(({ path }) => path === here)) return null;
  return owner;
}
