import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { openStore } from '../store/open-store.ts';

/** Takes a project out of the list. Its backups go aside, so that no other project of that name is taken for it. */
export async function forgetProject(name: string, paths: ForgePaths): Promise<{ backups: string | null }> {
  const registry = openProjectRegistry(paths.projectsFile);
  const project = registry.list().find((known) => known.name === name);
  if (project === undefined) {
    const next = 'See the projects: forge project list';
    throw new ForgeError('project.missing', `Forge knows no project ${name}.`, { next });
  }
  const live = liveRuns(join(project.path, '.forge'));
  if (live.length > 0) {
    const next = 'Let them end, or cancel them: forge runs';
    throw new ForgeError('restore.live', `Runs of ${name} are live: ${live.join(', ')}`, { next });
  }
  await registry.remove(name);
  const folder = join(paths.backupsDirectory, name);
  if (!existsSync(folder)) return { backups: null };
  const aside = `${folder}.${new Date().toISOString().replaceAll(':', '-')}`;
  renameSync(folder, aside);
  return { backups: aside };
}

function liveRuns(directory: string): string[] {
  if (!existsSync(join(directory, 'forge.db'))) return [];
  const store = openStore({ directory, prefix: 'fg', clock: Date.now, jsonl: false });
  try {
    return store.runs.live().map(({ id }) => id);
  } finally {
    store.dispose();
  }
}
