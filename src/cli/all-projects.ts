import type { Project } from '../domain/settings.ts';

/** For commands that tell of one project unless they are asked for all. */
export const allProjectsFlag = {
  kind: 'boolean',
  brief: 'Of all projects that Forge knows',
  optional: true,
} as const;

export interface ProjectAnswer<Result> {
  project: Project;
  /** Null: there is none, for the reason in `problem`. */
  result: Result | null;
  problem: string | null;
}

/** Why some projects did not answer, a line each. */
export function problemsOf(answers: readonly ProjectAnswer<unknown>[]): string[] {
  return answers.flatMap(({ project, problem }) => (problem === null ? [] : [`${project.name}: ${problem}`]));
}
