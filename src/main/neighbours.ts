import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import type { Project } from '../config/projects.ts';
import { prefixOf } from '../domain/id-prefix.ts';
import { holdLock } from '../locks/kernel-lock.ts';
import type { Neighbours, OutsideTask } from '../ports/neighbours.ts';
import { TaskLook } from '../store/task-look.ts';

/**
 * Tasks of the other projects on this machine, seen from the one at `here`, whose ids have `own` as their prefix. A database is
 * opened when it is first asked for, only to look. `lockFile`: one for all of these projects.
 */
export function openNeighbours(
  projects: () => readonly Project[],
  here: string,
  own: () => string,
  lockFile: string,
): Neighbours & Disposable {
  const held = new DisposableStack();
  const looks = new Map<string, TaskLook>();
  let isAsked = false;
  const lookIn = ({ path }: Project) => {
    const look = looks.get(path) ?? held.use(new TaskLook(join(path, '.forge', 'forge.db')));
    looks.set(path, look);
    return look;
  };
  const ownersOf = (id: string) => {
    const prefix = prefixOf(id);
    return prefix === own() ? [] : projects().filter((project) => project.prefix === prefix && project.path !== here);
  };
  const find = (project: Project, id: string): OutsideTask | string => {
    const { name, path } = project;
    if (!existsSync(path)) return `the project ${name} is not at ${path} any more`;
    if (!existsSync(join(path, '.forge', 'forge.db'))) return `the project ${name} has no data of Forge at ${path}`;
    try {
      const task = lookIn(project).find(id);
      return task ? { ...task, project: name } : `the project ${name} has no such task`;
    } catch (failure) {
      return `the project ${name} cannot be read: ${(failure as Error).message}`;
    }
  };
  return {
    look(id) {
      const prefix = prefixOf(id);
      if (prefix === null || prefix === own()) return null;
      isAsked = true;
      const found = ownersOf(id).map((project) => find(project, id));
      // Two clones of one project have the same tasks: it waits until none has it open.
      const known = found.filter((one) => typeof one !== 'string');
      return (
        known.find(({ isClosed }) => !isClosed) ?? known[0] ?? found[0] ?? `no project here has the prefix ${prefix}`
      );
    },
    meant(typed) {
      const ids = ownersOf(typed).flatMap((project) => {
        try {
          return lookIn(project).meant(typed);
        } catch {
          return [];
        }
      });
      return [...new Set(ids)];
    },
    state() {
      if (!isAsked) return '';
      const known = projects().map(({ prefix, path }) => `${prefix} ${path}`);
      return [...known, ...[...looks.values()].map((look) => look.state())].join('\n');
    },
    hold: () => holdLock(lockFile),
    dispose: () => held.dispose(),
  };
}
