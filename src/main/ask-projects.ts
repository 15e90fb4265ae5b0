import { asForgeError } from '../base/errors.ts';
import type { ProjectAnswer } from '../cli/all-projects.ts';
import type { Project } from '../domain/settings.ts';

/** What each project answers, one after the other; what fails in one is its `problem`. */
export async function askProjects<Result>(
  projects: readonly Project[],
  ask: (root: string) => Promise<Result>,
): Promise<ProjectAnswer<Result>[]> {
  const answers: ProjectAnswer<Result>[] = [];
  for (const project of projects) {
    try {
      answers.push({ project, result: await ask(project.root), problem: null });
    } catch (failure) {
      const { code, sentence } = asForgeError(failure);
      // What was typed is wrong everywhere.
      if (code === 'usage.invalid') throw failure;
      answers.push({ project, result: null, problem: sentence });
    }
  }
  return answers;
}
