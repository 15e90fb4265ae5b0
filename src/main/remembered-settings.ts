import { join } from 'node:path';
import { environmentOptions } from '../config/environment-options.ts';
import type { ConfigInput, LoadedConfig } from '../config/load-config.ts';
import type { ForgePaths } from '../config/paths.ts';
import type { Project } from '../config/projects.ts';
import { remember } from '../config/remember.ts';
import { build } from './version.ts';

/** The settings in force, as `loadConfig` says, which is loaded only when one of their files has changed. */
export function rememberedSettings(paths: ForgePaths, input: ConfigInput): Promise<LoadedConfig> {
  const { projectRoot, projectFile, environment } = input;
  const given = Object.keys(environmentOptions).map((name) => environment[name] ?? null);
  const ofProject = projectRoot === null ? [] : [projectFile ?? join(projectRoot, '.forge', 'config.yaml')];
  const files = [paths.configFile, ...ofProject];
  return remembered(paths, JSON.stringify(['settings', projectRoot, given, files]), files, async () =>
    (await import('../config/load-config.ts')).loadConfig(input),
  );
}

/** The projects that Forge knows on this machine, in the same way. */
export function rememberedProjects(paths: ForgePaths): Promise<Project[]> {
  return remembered(paths, 'projects', [paths.projectsFile], async () =>
    (await import('../config/projects.ts')).openProjectRegistry(paths.projectsFile).list(),
  );
}

/** Another build may read the same file in another way. */
async function remembered<T>(
  { settingsCache }: ForgePaths,
  key: string,
  files: readonly string[],
  make: () => Promise<T>,
): Promise<T> {
  return build === null ? make() : remember(settingsCache, `${build} ${key}`, files, make, Date.now);
}
