import { findAdapter } from '../agents/registry.ts';
import type { InitReport, InitRequest } from '../cli/forge-cli.ts';
import { makeHome } from '../config/make-home.ts';
import { defaults } from '../config/options.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { initProject } from '../git/init-project.ts';

/** Sets up the repository around `cwd`, with workers for the agents that are on this machine. */
export async function initHere(
  { mode, prefix }: InitRequest,
  cwd: string,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<InitReport> {
  makeHome(paths);
  const agents = await agentsFound(environment, cwd);
  const made = await initProject({ cwd, mode, agents, environment, ...(prefix === null ? {} : { prefix }) });
  const project = await openProjectRegistry(paths.projectsFile).register({ path: made.root, prefix: made.prefix });
  return {
    project: { name: project.name, root: project.path },
    mode,
    prefix: made.prefix,
    made: made.files,
    agents,
  };
}

/** The agents that Forge knows without a line of settings, and that are on PATH. */
async function agentsFound(environment: Record<string, string>, repository: string): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(defaults.agents).map(async ([name, { adapter, command, env }]) => {
      const answer = await findAdapter(adapter)?.find({ name, adapter, command, env }, environment, repository);
      return answer?.isFound ? [name] : [];
    }),
  );
  return found.flat();
}
