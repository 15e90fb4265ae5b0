import { existsSync } from 'node:fs';
import type { OperationContext, Projects } from '../app/context.ts';
import { ForgeError } from '../base/errors.ts';
import type { ProjectRegistry } from '../config/projects.ts';
import { ownerOf } from '../domain/id-prefix.ts';

/** The projects on this machine, seen from the one at `here`; `open` opens the one at a path. */
export function knownProjects(
  registry: ProjectRegistry,
  here: string,
  open: (path: string) => Promise<OperationContext>,
): Projects {
  return {
    ownerOf: (id) => ownerOf(id, here, registry.list())?.name ?? null,
    async open(name) {
      const project = registry.list().find((known) => known.name === name);
      const next = 'Make it known: forge project add PATH. Or see what is: forge project list';
      if (project === undefined) throw new ForgeError('project.missing', `Forge knows no project ${name}.`, { next });
      if (existsSync(project.path)) return open(project.path);
      throw new ForgeError('project.missing', `The project ${name} is not at ${project.path} any more.`, { next });
    },
  };
}
