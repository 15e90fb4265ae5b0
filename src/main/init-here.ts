import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAdapter } from '../agents/registry.ts';
import { backupsIn } from '../backups/backup-folder.ts';
import { ForgeError } from '../base/errors.ts';
import type { InitReport, InitRequest } from '../cli/forge-cli.ts';
import { isProject } from '../config/is-project.ts';
import { makeHome } from '../config/make-home.ts';
import { defaults } from '../config/options.ts';
import type { ForgePaths } from '../config/paths.ts';
import { freePrefix, openProjectRegistry } from '../config/projects.ts';
import { schemaFileName, settingsSchemaText } from '../config/settings-schema.ts';
import { DataBranch } from '../git/data-branch.ts';
import { findRepository } from '../git/find-repository.ts';
import { initProject, prefixOf } from '../git/init-project.ts';
import { changeMode, joinStandard } from './change-mode.ts';

/** Sets up the repository around `cwd`, with workers for the agents that are on this machine. */
export async function initHere(
  request: InitRequest,
  cwd: string,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<InitReport> {
  makeHome(paths);
  const { mode, branch, hooks } = request;
  const repository = await findRepository(cwd, environment);
  const { root } = repository;
  const registry = openProjectRegistry(paths.projectsFile);
  if (request.isUpgrade || (mode === 'stealth' && isProject(root))) {
    return changeMode({ repository, to: mode, hooks, isDone: request.isConfirmed, paths, environment });
  }
  const known = registry.find(root);
  if (isProject(root) && mode === 'standard') return joinStandard({ repository, hooks, paths, environment });
  if (known !== null && !isProject(root) && backupsIn(join(paths.backupsDirectory, known.name)).length > 0) {
    throw new ForgeError('project.exists', `${root} is the project ${known.name}, and its .forge/ is gone`, {
      next: `Any command brings it back: forge task list. To begin anew: forge project remove ${known.name}`,
    });
  }
  const data = branch === null ? null : new DataBranch(repository, branch, environment);
  await data?.check();
  const shared = await data?.local();
  const prefix = chosenPrefix(
    request.prefix,
    root,
    registry.list().filter(({ path }) => path !== root),
  );
  const agents = await agentsFound(environment, cwd);
  const made = await initProject({ cwd, mode, prefix, agents, environment, ...(branch === null ? {} : { branch }) });
  // Who joins takes the settings that are there; the tasks come with the first forge sync.
  if (shared) writeFileSync(join(root, '.forge', 'config.yaml'), shared.files['config.yaml']);
  writeFileSync(join(root, '.forge', schemaFileName), settingsSchemaText());
  const project = await registry.register({ path: root, prefix });
  const joined = mode === 'standard' ? (await joinStandard({ repository, hooks, paths, environment })).made : [];
  return {
    project: { name: project.name, root: project.path },
    ...{ mode, prefix, agents },
    made: [...made.files, ...joined],
    plan: [],
    note: shared ? `The branch ${branch} has tasks: forge sync takes them in.` : null,
  };
}

/** Ids lead to one project each: a prefix that another one has is refused when it was asked for, or made different. */
function chosenPrefix(asked: string | null, root: string, others: Parameters<typeof freePrefix>[1]): string {
  const wanted = asked ?? prefixOf(root.split('/').at(-1) ?? '');
  const free = freePrefix(wanted, others);
  const taken = others.find(({ prefix }) => prefix === wanted);
  if (asked !== null && taken) {
    throw new ForgeError('prefix.taken', `The project ${taken.name} has the prefix ${wanted}`, {
      next: `This one is free: forge init --prefix ${free}`,
    });
  }
  return free;
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
