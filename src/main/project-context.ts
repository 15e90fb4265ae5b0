import { join } from 'node:path';
import { AdapterShelf } from '../agents/adapter-shelf.ts';
import type { OperationContext } from '../app/context.ts';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import { asForgeError, ForgeError } from '../base/errors.ts';
import { readAdapterFile } from '../config/adapter-options.ts';
import { isProject } from '../config/is-project.ts';
import { loadConfig } from '../config/load-config.ts';
import { makeHome } from '../config/make-home.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { watchFiles } from '../config/watch-files.ts';
import { createGates } from '../gates/create-gates.ts';
import type { Repository } from '../git/find-repository.ts';
import { openGit } from '../git/open-git.ts';
import { openStore } from '../store/open-store.ts';
import { readLog } from '../worktrees/command-log.ts';
import { openAgentCatalogue, settingsOf } from './settings.ts';

export interface OpenContextOptions {
  /** The main checkout, or the repository as it was found just now: finding it takes several calls of git. */
  repository: string | Repository;
  paths: ForgePaths;
  environment: Record<string, string>;
  actor: string;
}

export interface ProjectContext extends OperationContext, Disposable {
  /** Standing problems: a bad line of `tasks.jsonl`, settings that were changed to something that cannot be read. */
  problems(): string[];
  /** The one that agents are started in now: that of whoever dispatched last. */
  environment(): Record<string, string>;
  /** Follows changes of the settings and of `tasks.jsonl` on disk from now on. */
  follow(onChange: () => void): Promise<void>;
}

/** Opens a project: its settings, store, git and agents. Throws `project.missing`, `config.invalid`, `store.*`. */
export async function openProjectContext(options: OpenContextOptions): Promise<ProjectContext> {
  const { repository, paths, actor } = options;
  const root = typeof repository === 'string' ? repository : repository.root;
  if (!isProject(root)) throw new ForgeError('project.missing', `Forge is not set up in ${root}.`);
  makeHome(paths);
  const held = new DisposableStack();
  const registry = openProjectRegistry(paths.projectsFile);
  const registered = registry.find(root);
  let environment = options.environment;
  const readSettings = () => {
    const loaded = loadConfig({ forgeHome: paths.home, projectRoot: root, environment: options.environment });
    return settingsOf(loaded, loaded.config.prefix ?? registered?.prefix ?? 'fg');
  };
  const { adaptersDirectory } = paths;
  const adapters = new AdapterShelf({ adaptersDirectory, repository: root, readFile: readAdapterFile });
  let settings = readSettings();
  let settingsProblem: string | null = null;
  let taskProblems: string[] = [];

  const { name } = registered ?? (await registry.register({ path: root, prefix: settings.prefix }));
  const git = await openGit({
    root: repository,
    worktreesDirectory: paths.worktreesDirectory,
    environment: options.environment,
  });
  const directory = join(root, '.forge');
  const store = held.use(openStore({ directory, prefix: settings.prefix, clock: Date.now, jsonl: true }));
  const sync = () => {
    try {
      taskProblems = store.sync().problems;
    } catch (failure) {
      taskProblems = [asForgeError(failure).message];
    }
  };
  sync();

  return {
    project: { name, root },
    get settings() {
      return settings;
    },
    store,
    git,
    agents: openAgentCatalogue(
      () => settings,
      (id) => store.tasks.list().find((task) => task.id === id),
      adapters,
      () => environment,
      {
        repository: root,
        recordsDirectory: paths.recordsDirectory,
        agentsDirectory: join(paths.agentsDirectory, name),
        variableFiles: [join(root, '.env'), join(paths.home, '.env')],
      },
    ),
    gates: createGates({ environment: () => environment, directory: join(paths.gatesDirectory, name) }),
    clock: Date.now,
    worktreeLog: readLog,
    actor,
    environment: () => environment,
    takeEnvironment: (next) => {
      environment = next;
    },
    problems: () => [...taskProblems, ...(settingsProblem === null ? [] : [settingsProblem])],
    async follow(onChange) {
      const declared = settings.agents.flatMap(({ adapter }) => adapters.filesOf(adapter));
      const files = [paths.configFile, join(directory, 'config.yaml'), join(directory, 'tasks.jsonl'), ...declared];
      const reread = () => {
        adapters.forget();
        try {
          settings = readSettings();
          settingsProblem = null;
        } catch (failure) {
          settingsProblem = `${asForgeError(failure).message} The settings from before stay in force.`;
        }
        sync();
        onChange();
      };
      held.use(await watchFiles(files, reread));
    },
    dispose: () => held.dispose(),
  };
}
