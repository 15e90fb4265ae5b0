import { join } from 'node:path';
import { AdapterShelf } from '../agents/adapter-shelf.ts';
import type { OperationContext } from '../app/context.ts';
import { DisposableStack } from '../base/disposable.ts';
import { readAdapterFile } from '../config/adapter-options.ts';
import { openBatches } from '../config/batches.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { watchFiles } from '../config/watch-files.ts';
import { createGates } from '../gates/create-gates.ts';
import { openGit } from '../git/open-git.ts';
import { readLog } from '../worktrees/command-log.ts';
import { openAgentCatalogue } from './agent-catalogue.ts';
import { BatchBackups } from './batch-backups.ts';
import { knownProjects } from './known-projects.ts';
import { type OpenProject, type OpenProjectOptions, openProject, variableFilesOf } from './open-project.ts';
import { takeInBatches } from './take-in-batches.ts';

export interface OpenContextOptions extends OpenProjectOptions {
  /** Opens another project, which is disposed by whoever does that; left out: it is opened as this one is, and goes with it. */
  openOther?: (root: string) => Promise<OperationContext>;
}

export interface ProjectContext extends OperationContext, OpenProject {
  /** Follows changes of the settings and of `tasks.jsonl` on disk from now on. */
  follow(onChange: () => void): Promise<void>;
}

/** Opens a project with all that there is of it: its tasks, git and agents. Throws what `openProject` throws. */
export async function openProjectContext(options: OpenContextOptions): Promise<ProjectContext> {
  const { repository, paths, warn } = options;
  const root = typeof repository === 'string' ? repository : repository.root;
  const registry = openProjectRegistry(paths.projectsFile);
  const held = new DisposableStack();
  const open = held.use(await openProject({ ...options, listProjects: registry.list }));
  const { project, store, backups, actor } = open;
  const { name } = project;
  let environment = options.environment;
  const { adaptersDirectory, worktreesDirectory } = paths;
  const adapters = new AdapterShelf({ adaptersDirectory, repository: root, readFile: readAdapterFile });
  const git = await openGit({ root: repository, worktreesDirectory, environment: options.environment });
  const batches = openBatches(paths.batchesFile, Date.now, new BatchBackups(paths, warn));
  await batches.settle();
  await takeInBatches(store, name, batches, warn);
  const others = new Map<string, Promise<OperationContext>>();
  const openAlike = (path: string) => {
    const opening =
      others.get(path) ?? openProjectContext({ ...options, repository: path }).then((one) => held.use(one));
    others.set(path, opening);
    return opening;
  };
  const reread = async () => {
    adapters.forget();
    await batches.settle();
    await open.reread();
  };

  return {
    project,
    backups,
    get settings() {
      return open.settings;
    },
    store,
    batches,
    projects: knownProjects(registry, root, options.openOther ?? openAlike),
    git,
    agents: openAgentCatalogue(
      () => open.settings,
      (id) => store.tasks.find(id) ?? undefined,
      adapters,
      () => environment,
      {
        repository: root,
        recordsDirectory: paths.recordsDirectory,
        agentsDirectory: join(paths.agentsDirectory, name),
        variableFiles: variableFilesOf(root, paths),
      },
    ),
    gates: createGates({ environment: () => environment, directory: join(paths.gatesDirectory, name) }),
    clock: Date.now,
    worktreeLog: readLog,
    actor,
    variables: (use) => open.variables(use),
    environment: () => environment,
    takeEnvironment: (next) => {
      environment = next;
    },
    problems: () => [...open.problems(), ...batches.problems()],
    reread,
    async follow(onChange) {
      const declared = open.settings.agents.flatMap(({ adapter }) => adapters.filesOf(adapter));
      const own = ['config.yaml', 'tasks.jsonl'].map((file) => join(root, '.forge', file));
      const changed = () => void reread().then(onChange);
      held.use(backups.follow(store));
      held.use(await watchFiles([paths.configFile, ...own, paths.batchesFile, ...declared], changed));
    },
    dispose: () => held.dispose(),
  };
}
