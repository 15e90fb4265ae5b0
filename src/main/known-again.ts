import { isProject } from '../config/is-project.ts';
import type { Project, ProjectRegistry } from '../config/projects.ts';
import { repairWorktrees } from '../git/repair-worktrees.ts';
import type { Store } from '../ports/store.ts';

/**
 * The project of a repository that is registered elsewhere and was moved here: its database says so, and it is not there
 * any more. A copy of a repository is a project of its own. The worktrees that point to the old place are put right.
 */
export async function knownAgain(
  root: string,
  store: Store,
  registry: ProjectRegistry,
  environment: Record<string, string>,
  warn: (line: string) => void,
): Promise<Project | null> {
  const id = store.note('project');
  const known = registry.list().find((project) => id !== null && project.id === id);
  if (known?.id === undefined || isProject(known.path)) return null;
  const moved = await registry.move(known.id, root);
  warn(`The project ${known.name} was moved from ${known.path} to ${root}.`);
  await repairWorktrees(root, environment);
  return moved;
}
