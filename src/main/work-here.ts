import { relative } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { type Here, workingFolder } from './here.ts';
import { listProjects } from './list-projects.ts';

/**
 * What the work here is called, for a worktree of the project at `elsewhere`: by the task whose worktree this folder is in, else by its
 * project. Throws `usage.invalid` where no work of another project is.
 */
export async function workHere(here: Here, elsewhere: string): Promise<string> {
  const [project = '', task] = relative(here.paths.worktreesDirectory, workingFolder()).split('/');
  if (project !== '..' && task !== undefined) return task;
  const root = await here.root();
  const own = (await listProjects(here.paths)).find((known) => known.root === root);
  if (own && own.root !== elsewhere) return own.name;
  throw new ForgeError('usage.invalid', 'A worktree of another project belongs to work in this one.', {
    next: 'Ask for it in the other project, or give a task its worktree: forge dispatch TASK',
  });
}
