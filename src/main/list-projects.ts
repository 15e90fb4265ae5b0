import { existsSync } from 'node:fs';
import type { KnownProject } from '../cli/forge-cli.ts';
import type { ForgePaths } from '../config/paths.ts';
import { rememberedProjects } from './remembered-settings.ts';

/** The projects that Forge knows on this machine. */
export async function listProjects(paths: ForgePaths): Promise<KnownProject[]> {
  const projects = await rememberedProjects(paths);
  return projects.map(({ name, path, prefix }) => ({ name, root: path, prefix, isThere: existsSync(path) }));
}
