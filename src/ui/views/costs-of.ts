import type { ProjectView } from '../../app/views/project-view.ts';
import type { Cost } from '../../domain/cost.ts';

/** What a run cost, by the checkout of its project and its id; null: its agent has told no tokens. */
export function costsOf(views: readonly ProjectView[]): (project: string, run: string | undefined) => Cost | null {
  const byProject = new Map(views.map(({ project, costs }) => [project.root, costs.runs]));
  return (project, run) => byProject.get(project)?.[run ?? ''] ?? null;
}
