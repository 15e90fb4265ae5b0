import { asForgeError, ForgeError } from '../base/errors.ts';
import type { DashboardRequest } from '../cli/forge-cli.ts';
import { isProject } from '../config/is-project.ts';
import { reachSoon } from './find-supervisor.ts';
import type { Here } from './here.ts';
import { listProjects } from './list-projects.ts';

/** Opens the dashboard of the place where it was asked for. */
export async function dashboardHere(request: DashboardRequest, here: Here): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new ForgeError('terminal.missing', 'The dashboard needs a terminal on both ends.');
  }
  const { paths, environment } = here;
  const root = request.isDemo ? null : await rootOf(request, here);
  if (root !== null && !isProject(root)) throw new ForgeError('project.missing', `Forge is not set up in ${root}.`);
  // It answers while the dashboard is being loaded, which takes longer.
  const supervisor = request.isDemo ? null : reachSoon(paths);
  const { openDashboard } = await import('./dashboard.ts');
  await openDashboard(request, { root, supervisor, paths, environment });
}

/** Null: no project is here, and all of them are to be shown. */
async function rootOf({ isAll, session }: DashboardRequest, here: Here): Promise<string | null> {
  const isAllPossible = session === null && (await listProjects(here.paths)).length > 0;
  try {
    const root = await here.root();
    return isAll && isAllPossible && !isProject(root) ? null : root;
  } catch (failure) {
    // In a repository that cannot be used the others are not what is meant.
    if (isAllPossible && (isAll || asForgeError(failure).code === 'repository.missing')) return null;
    throw failure;
  }
}
