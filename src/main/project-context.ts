import { join } from 'node:path';
import { AdapterShelf } from '../agents/adapter-shelf.ts';
import type { OperationContext } from '../app/context.ts';
import { DisposableStack } from '../base/disposable.ts';
import { readAdapterFile } from '../config/adapter-options.ts';
import { watchFiles } from '../config/watch-files.ts';
import { createGates } from '../gates/create-gates.ts';
import { openGit } from '../git/open-git.ts';
import { readLog } from '../worktrees/command-log.ts';
import { openAgentCatalogue } from './agent-catalogue.ts';
import { type OpenProject, type OpenProjectOptions, openProject, variableFilesOf } from './open-project.ts';

export interface ProjectContext extends OperationContext, OpenProject {
  /** The one that agents are started in now: that of whoever dispatched last. */
  environment(): Record<string, string>;
  /** Follows changes of the settings and of `tasks.jsonl` on disk from now on. */
  follow(onChange: () => void): Promise<void>;
}

/** Opens a project with all that there is of it: its tasks, git and agents. Throws what `openProject` throws. */
export async function openProjectContext(options: OpenProjectOptions): Promise<ProjectContext> {
  const { repository, paths } = options;
  const root = typeof repository === 'string' ? repository : repository.root;
  const held = new DisposableStack();
  const open = held.use(await openProject(options));
  let environment = options.environment;
  const { adaptersDirectory, worktreesDirectory } = paths;
  const adapters = new AdapterShelf({ adaptersDirectory, repository: root, readFile: readAdapterFile });
  const git = await openGit({ root: repository, worktreesDirectory, environment: options.environment });
  const { project, store, backups, actor } = open;
  const { name } = project;
  const reread = async () => {
    adapters.forget();
    await open.reread();
  };

  return {
    project,
    backups,
    get settings() {
      return open.settings;
    },
    store,
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
    problems: () => open.problems(),
    reread,
    async follow(onChange) {
      const declared = open.settings.agents.flatMap(({ adapter }) => adapters.filesOf(adapter));
      const own = ['config.yaml', 'tasks.jsonl'].map((file) => join(root, '.forge', file));
      held.use(backups.follow(store));
      const changed = () => void reread().then(onChange);
      held.use(await watchFiles([paths.configFile, ...own, ...declared], changed));
    },
    dispose: () => held.dispose(),
  };
}
