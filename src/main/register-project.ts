import { openProjectRegistry, type Project } from '../config/projects.ts';
import type { Store } from '../ports/store.ts';
import { knownAgain } from './known-again.ts';
import type { OpenProjectOptions } from './open-project.ts';

/** Puts a project into the registry that is not in it, or of which it has no id; one that was moved is found there again. */
export async function registerProject(
  root: string,
  registered: Project | null,
  prefix: string,
  store: Store,
  { paths, environment, warn }: OpenProjectOptions,
): Promise<Project> {
  const registry = openProjectRegistry(paths.projectsFile);
  const known = registered ?? (await knownAgain(root, store, registry, environment, warn));
  if (known?.id !== undefined) return known;
  return registry.register({ path: root, prefix: known?.prefix ?? prefix });
}
