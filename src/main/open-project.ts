import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskContext } from '../app/context.ts';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import { asForgeError, ForgeError } from '../base/errors.ts';
import { isProject } from '../config/is-project.ts';
import { makeHome } from '../config/make-home.ts';
import type { ForgePaths } from '../config/paths.ts';
import type { Project } from '../config/projects.ts';
import type { Mode } from '../git/exclude.ts';
import type { Repository } from '../git/find-repository.ts';
import { openStore } from '../store/open-store.ts';
import { agentVariables } from './agent-variables.ts';
import { openNeighbours } from './neighbours.ts';
import { ProjectBackups } from './project-backups.ts';
import { rememberedProjects, rememberedSettings } from './remembered-settings.ts';
import { settingsOf } from './settings-of.ts';

export interface OpenProjectOptions {
  /** The main checkout, or the repository as it was found just now: finding it takes several calls of git. */
  repository: string | Repository;
  paths: ForgePaths;
  environment: Record<string, string>;
  actor: string;
  /** Who asks is an agent in its run: what it does to tasks is not for the person to take back. */
  isAgent?: boolean;
  /** Says one line to whoever is there. */
  warn: (line: string) => void;
  /** Called when a part of `.forge/` is gone, before it is put back: whoever has it open may do it better. */
  askOwner?: (root: string) => Promise<void>;
  /** The projects on this machine, asked each time; left out: those that there are now. */
  listProjects?: () => readonly Project[];
}

export interface OpenProject extends TaskContext, Disposable {
  readonly backups: ProjectBackups;
  /** Standing problems: a bad line of `tasks.jsonl`, settings that were changed to something that cannot be read. */
  problems(): string[];
  /** Settings and `tasks.jsonl` are taken in anew, and what is gone of `.forge/` comes back. */
  reread(): Promise<void>;
}

/** Where values for `${VAR}` are, the strongest first. */
export function variableFilesOf(root: string, { home }: ForgePaths): string[] {
  return [join(root, '.env'), join(home, '.env')];
}

/**
 * Opens a project as far as its tasks need it: settings and store. What takes long to load and is seldom needed is loaded
 * then. Throws `project.missing`, `config.invalid`, `store.*`.
 */
export async function openProject(options: OpenProjectOptions): Promise<OpenProject> {
  const { repository, paths, environment, actor, warn } = options;
  const isPerson = options.isAgent !== true;
  const root = typeof repository === 'string' ? repository : repository.root;
  const askOwner = async () => options.askOwner?.(root);
  const projects = await rememberedProjects(paths);
  let registered = projects.find(({ path }) => path === root) ?? null;
  if (registered === null && !isProject(root))
    throw new ForgeError('project.missing', `Forge is not set up in ${root}.`);
  makeHome(paths);
  const held = new DisposableStack();
  const backupsOf = (name: string) => new ProjectBackups(root, join(paths.backupsDirectory, name), warn);
  let backups = registered === null ? null : backupsOf(registered.name);
  const hide = async (mode: Mode) => {
    const { exclude } = await import('../git/exclude.ts');
    const { findRepository } = await import('../git/find-repository.ts');
    const place = typeof repository === 'string' ? await findRepository(root, environment) : repository;
    return exclude(place, mode, environment);
  };
  await backups?.comeBack(askOwner, hide);
  if (!isProject(root)) throw new ForgeError('project.missing', `Forge is not set up in ${root} any more.`);
  const readSettings = async () => {
    const loaded = await rememberedSettings(paths, {
      ...{ forgeHome: paths.home, projectRoot: root, environment },
      projectFile: backups?.settingsFile() ?? null,
    });
    return settingsOf(loaded, loaded.config.prefix ?? registered?.prefix ?? 'fg');
  };
  let settings = await readSettings();
  let settingsProblem: string | null = null;

  const directory = join(root, '.forge');
  // Without settings it is the checkout of a branch that has no .forge/: nothing is written there.
  const jsonl = () => existsSync(join(directory, 'config.yaml'));
  const listed = options.listProjects ?? (() => projects);
  const neighbours = held.use(openNeighbours(listed, root, () => settings.prefix, paths.dependenciesLock));
  const store = openStore({ directory, prefix: settings.prefix, clock: Date.now, jsonl, actor, isPerson, neighbours });
  held.use(store);
  if (registered?.id === undefined) {
    const { registerProject } = await import('./register-project.ts');
    registered = await registerProject(root, registered, settings.prefix, store, options);
  }
  const { name, id = '' } = registered;
  if (!store.isReadOnly && store.note('project') !== id) store.setNote('project', id);
  const keeper = backups ?? backupsOf(name);
  backups = keeper;
  keeper.seen(store);
  held.defer(() => keeper.keepLast(store));
  let taskProblems: string[] = [];
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
    backups: keeper,
    get settings() {
      return settings;
    },
    store,
    actor,
    variables: agentVariables(
      () => settings,
      (task) => store.tasks.find(task) ?? undefined,
      () => environment,
      variableFilesOf(root, paths),
    ).origins,
    problems: () => [...taskProblems, ...(settingsProblem === null ? [] : [settingsProblem])],
    async reread() {
      keeper.comeBack(askOwner, hide).catch((failure: Error) => warn(failure.message));
      try {
        settings = await readSettings();
        settingsProblem = null;
      } catch (failure) {
        settingsProblem = `${asForgeError(failure).message} The settings from before stay in force.`;
      }
      sync();
    },
    dispose: () => held.dispose(),
  };
}
