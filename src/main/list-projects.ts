import { existsSync } from 'node:fs';
import type { KnownProject } from '../cli/forge-cli.ts';
import type { ForgePaths } from '../config/paths.ts';

/** The projects that Forge knows on this machine. */
export async function listProjects({ projectsFile }: ForgePaths): Promise<KnownProject[]> {
  const { openProjectRegistry } = await import('../config/projects.ts');
  return openProjectRegistry(projectsFile)
    .list()
    .map(({ name, path, prefix }) => ({ name, root: path, prefix, isThere: existsSync(path) }));
}
