import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AdapterShelf } from '../agents/adapter-shelf.ts';
import type { OperationContext } from '../app/context.ts';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import { asForgeError, ForgeError } from '../base/errors.ts';
import { readAdapterFile } from '../config/adapter-options.ts';
import { openBatches } from '../config/batches.ts';
import { isProject } from '../config/is-project.ts';
import { loadConfig } from '../config/load-config.ts';
import { makeHome } from '../config/make-home.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { watchFiles } from '../config/watch-files.ts';
import { createGates } from '../gates/create-gates.ts';
import { exclude, type Mode } from '../git/exclude.ts';
import { findRepository, type Repository } from '../git/find-repository.ts';
import { openGit } from '../git/open-git.ts';
import { openStore } from '../store/open-store.ts';
import { readLog } from '../worktrees/command-log.ts';
import { knownAgain } from './known-again.ts';
import { knownProjects } from './known-projects.ts';
import { openNeighbours } from './neighbours.ts';
import { ProjectBackups } from './project-backups.ts';
import { openAgentCatalogue, settingsOf } from './settings.ts';
import { takeInBatches } from './take-in-batches.ts';

export interface OpenContextOptions {
  /** The main checkout, or the repository as it was found just now: finding it takes several calls of git. */
  repository: string | Repository;
  paths: ForgePaths;
  environment: Record<string, string>;
  actor: string;
  /** Says one line to whoever is there. */
  warn: (line: string) => void;
  /** Opens another project, which is disposed by whoever does that; left out: it is opened as this one is, and goes with it. */
  openOther?: (root: string) => Promise<OperationContext>;
  /** Called when a part of `.forge/` is gone, before it is put back: whoever has it open may do it better. */
  askOwner?: (root: string) => Promise<void>;
}

export interface ProjectContext extends OperationContext, Disposable {
  readonly backups: ProjectBackups;
  /** Standing problems: a bad line of `tasks.jsonl`, settings that were changed to something that cannot be read. */
  problems(): string[];
  /** Follows changes of the settings and of `tasks.jsonl` on disk from now on. */
  follow(onChange: () => void): Promise<void>;
}

/** Opens a project: its settings, store, git and agents. Throws `project.missing`, `config.invalid`, `store.*`. */
export async function openProjectContext(options: OpenContextOptions): Promise<ProjectContext> {
  const { repository, paths, actor, warn } = options;
  const root = typeof repository === 'string' ? repository : repository.root;
  const askOwner = async () => options.askOwner?.(root);
  const registry = openProjectRegistry(paths.projectsFile);
  let registered = registry.find(root);
  if (registered === null && !isProject(root))
    throw new ForgeError('project.missing', `Forge is not set up in ${root}.`);
  makeHome(paths);
  const held = new DisposableStack();
  const backupsOf = (name: string) => new ProjectBackups(root, join(paths.backupsDirectory, name), warn);
  let backups = registered === null ? null : backupsOf(registered.name);
  const hide = async (mode: Mode) => {
    const place = typeof repository === 'string' ? await findRepository(root, options.environment) : repository;
    return exclude(place, mode, options.environment);
  };
  await backups?.comeBack(askOwner, hide);
  if (!isProject(root)) throw new ForgeError('project.missing', `Forge is not set up in ${root} any more.`);
  let environment = options.environment;
  const readSettings = () => {
    const loaded = loadConfig({
      ...{ forgeHome: paths.home, projectRoot: root, environment: options.environment },
      projectFile: backups?.settingsFile() ?? null,
    });
    return settingsOf(loaded, loaded.config.prefix ?? registered?.prefix ?? 'fg');
  };
  const { adaptersDirectory } = paths;
  const adapters = new AdapterShelf({ adaptersDirectory, repository: root, readFile: readAdapterFile });
  let settings = readSettings();
  let settingsProblem: string | null = null;
  let taskProblems: string[] = [];

  const git = await openGit({
    root: repository,
    worktreesDirectory: paths.worktreesDirectory,
    environment: options.environment,
  });
  const directory = join(root, '.forge');
  // Without settings it is the checkout of a branch that has no .forge/: nothing is written there.
  const jsonl = () => existsSync(join(directory, 'config.yaml'));
  const neighbours = held.use(openNeighbours(registry, root, () => settings.prefix));
  const store = openStore({ directory, prefix: settings.prefix, clock: Date.now, jsonl, actor, neighbours });
  held.use(store);
  registered ??= await knownAgain(root, store, registry, options.environment, warn);
  if (registered?.id === undefined) {
    registered = await registry.register({ path: root, prefix: registered?.prefix ?? settings.prefix });
  }
  const { name, id = '' } = registered;
  if (!store.isReadOnly && store.note('project') !== id) store.setNote('project', id);
  const batches = openBatches(paths.batchesFile, Date.now);
  await takeInBatches(store, name, batches, warn);
  const keeper = backups ?? backupsOf(name);
  backups = keeper;
  keeper.seen(store);
  held.defer(() => keeper.keep(store));
  const sync = () => {
    try {
      taskProblems = store.sync().problems;
    } catch (failure) {
      taskProblems = [asForgeError(failure).message];
    }
  };
  sync();
  const others = new Map<string, Promise<OperationContext>>();
  const openAlike = (path: string) => {
    const opening =
      others.get(path) ?? openProjectContext({ ...options, repository: path }).then((one) => held.use(one));
    others.set(path, opening);
    return opening;
  };

  return {
    project: { name, root },
    backups: keeper,
    get settings() {
      return settings;
    },
    store,
    batches,
    projects: knownProjects(registry, root, options.openOther ?? openAlike),
    git,
    agents: openAgentCatalogue(
      () => settings,
      (id) => store.tasks.find(id) ?? undefined,
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
    problems: () => [...taskProblems, ...batches.problems(), ...(settingsProblem === null ? [] : [settingsProblem])],
    async follow(onChange) {
      const declared = settings.agents.flatMap(({ adapter }) => adapters.filesOf(adapter));
      const files = [
        paths.configFile,
        join(directory, 'config.yaml'),
        join(directory, 'tasks.jsonl'),
        paths.batchesFile,
        ...declared,
      ];
      const reread = () => {
        adapters.forget();
        keeper.comeBack(askOwner, hide).catch((failure: Error) => warn(failure.message));
        try {
          settings = readSettings();
          settingsProblem = null;
        } catch (failure) {
          settingsProblem = `${asForgeError(failure).message} The settings from before stay in force.`;
        }
        sync();
        onChange();
      };
      held.use(keeper.follow(store));
      held.use(await watchFiles(files, reread));
    },
    dispose: () => held.dispose(),
  };
}
