import { join } from 'node:path';
import { commandHost } from '../code-hosts/command-host.ts';
import type { ForgePaths } from '../config/paths.ts';
import { createDelivery } from '../git/delivery/create-delivery.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { ProjectContext } from './project-context.ts';

/** Delivery in one project, by the settings as they are at each call. */
export function openDelivery(context: ProjectContext, { patchesDirectory }: ForgePaths): Delivery {
  const { project, git } = context;
  return createDelivery({
    root: project.root,
    commonDir: git.commonDir,
    environment: context.environment(),
    codeHost: () => {
      const { command } = context.settings.codeHost;
      if (command.length === 0) return null;
      return commandHost({ command, cwd: project.root, environment: context.environment() });
    },
    patchesDirectory: () => {
      const isStealth = context.settings.mode !== 'standard';
      return isStealth ? join(patchesDirectory, project.name) : join(project.root, '.forge', 'patches');
    },
  });
}
