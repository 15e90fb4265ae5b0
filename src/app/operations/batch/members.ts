import { type Batch, type BatchMember, projectsOf } from '../../../domain/batch.ts';
import type { OperationContext, Projects } from '../../context.ts';

/** The tasks that are meant: of this project, or by their prefix of another one. Throws `task.missing`, `project.missing`. */
export async function membersNamed(context: OperationContext, typed: readonly string[]): Promise<BatchMember[]> {
  const members: BatchMember[] = [];
  for (const id of typed) {
    const owner = context.store.tasks.find(id) ? null : context.projects.ownerOf(id);
    const { store, project } = owner === null ? context : await context.projects.open(owner);
    members.push({ project: project.name, task: store.tasks.get(id).id });
  }
  return members;
}

/** The projects of batches; the reason instead of one that cannot be opened. */
export async function openProjectsOf<Context extends OperationContext>(
  context: Context & { projects: Projects<Context> },
  batches: readonly Batch[],
): Promise<Map<string, Context | Error>> {
  const projects: Projects<Context> = context.projects;
  const opened = projectsOf(batches).map(async (name): Promise<[string, Context | Error]> => {
    if (name === context.project.name) return [name, context];
    return [name, await projects.open(name).catch((failure: Error) => failure)];
  });
  return new Map(await Promise.all(opened));
}
