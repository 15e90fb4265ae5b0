import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AdapterShelf } from '../agents/adapter-shelf.ts';
import { RemoteClient } from '../app/client.ts';
import { asForgeError } from '../base/errors.ts';
import { readAdapterFile } from '../config/adapter-options.ts';
import { isProject } from '../config/is-project.ts';
import { type LoadedConfig, loadConfig, projectConfigFile } from '../config/load-config.ts';
import type { ForgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { runDirectoryPath } from '../daemon/run-directory.ts';
import type { DoctorPlace, DoctorProject } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import type { DoctorRow } from '../domain/doctor-report.ts';
import { openGit } from '../git/open-git.ts';
import type { SessionHost } from '../ports/session-host.ts';
import { lookAtStore, type StoreLook } from '../store/look-at-store.ts';
import { openStore } from '../store/open-store.ts';
import { openAgentCatalogue } from './agent-catalogue.ts';
import { connectHost, connectSupervisor, presentHost, presentSupervisor, stopSupervisor } from './daemons.ts';
import { settingsOf } from './settings-of.ts';

/** Examines the project at `root`; null: all that Forge knows. */
export async function runDoctor(
  root: string | null,
  isFix: boolean,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<DoctorRow[]> {
  const projects: DoctorProject[] = [];
  const closed: DoctorPlace['closed'][number][] = [];
  for (const known of knownProjects(root, paths, closed)) {
    try {
      projects.push(await openForDoctor(known, paths, environment));
    } catch (failure) {
      closed.push({ name: known.root, why: asForgeError(failure).sentence });
    }
  }
  let host: SessionHost | null | undefined;
  const place: DoctorPlace = {
    paths: { ...paths, runDirectory: runDirectoryPath(paths.runDirectory) },
    ...{ environment, projects, closed, now: Date.now },
    async sessions() {
      if (host === undefined) host = existsSync(this.paths.runDirectory) ? await presentHost(paths) : null;
      return host && (await host.list());
    },
    async isSupervisorThere() {
      const link = existsSync(this.paths.runDirectory) ? await presentSupervisor(paths) : null;
      link?.dispose();
      return link !== null;
    },
    async startHost() {
      host = await connectHost(paths, environment);
    },
    stopSupervisor: () => stopSupervisor(paths),
  };
  try {
    return await examine(place, isFix);
  } finally {
    host?.dispose();
    for (const project of projects) project.dispose();
  }
}

interface KnownProject {
  name: string;
  root: string;
  prefix: string;
}

function knownProjects(
  root: string | null,
  { projectsFile }: ForgePaths,
  closed: DoctorPlace['closed'][number][],
): KnownProject[] {
  let all: KnownProject[] = [];
  try {
    all = openProjectRegistry(projectsFile)
      .list()
      .map(({ path, ...project }) => ({ ...project, root: path }));
  } catch (failure) {
    closed.push({ name: projectsFile, why: asForgeError(failure).sentence });
  }
  if (root === null) return all;
  const own = all.find((project) => project.root === root);
  return own ? [own] : isProject(root) ? [{ name: 'project', root, prefix: 'fg' }] : [];
}

/** What of the environments in force was written into this file. */
function writtenIn(file: string, { config, sources }: LoadedConfig): DoctorProject['writtenEnvironments'] {
  const isHere = (path: string) => sources[path] === file;
  const agents = Object.entries(config.agents).map(([name, { env }]) => ({
    ...{ file, place: `agents.${name}.env` },
    env: Object.fromEntries(Object.entries(env).filter(([variable]) => isHere(`agents.${name}.env.${variable}`))),
  }));
  const workers = config.workers.map(({ name, env = {} }) => ({ file, place: `the worker ${name}`, env }));
  return isHere('workers') ? [...agents, ...workers] : agents;
}

async function openForDoctor(
  { name, root, prefix }: KnownProject,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<DoctorProject> {
  const loaded = loadConfig({ forgeHome: paths.home, projectRoot: root, environment });
  const settings = settingsOf(loaded, prefix);
  const git = await openGit({ root, worktreesDirectory: paths.worktreesDirectory, environment });
  const directory = join(root, '.forge');
  let held: StoreLook | null = null;
  return {
    ...{ name, root, directory, git, commonDir: git.commonDir, worktrees: join(paths.worktreesDirectory, name) },
    writtenEnvironments: writtenIn(projectConfigFile(root), loaded),
    look() {
      try {
        held ??= lookAtStore(directory, prefix);
      } catch {
        // A check of its own says why.
      }
      return held;
    },
    dispose: () => held?.dispose(),
    open: () => openStore({ directory, prefix: settings.prefix, clock: Date.now, jsonl: true }),
    async missingAgents() {
      const { adaptersDirectory, recordsDirectory, agentsDirectory } = paths;
      const shelf = new AdapterShelf({ adaptersDirectory, repository: root, readFile: readAdapterFile });
      const catalogue = openAgentCatalogue(
        () => settings,
        () => undefined,
        shelf,
        () => environment,
        {
          ...{ repository: root, recordsDirectory, agentsDirectory: join(agentsDirectory, name) },
          variableFiles: [join(root, '.env'), join(paths.home, '.env')],
        },
      );
      const used = [...new Set(settings.workers.map(({ agent }) => agent))];
      const found = await Promise.all(
        used.map(async (agent) => ({ name: agent, ...(await catalogue.find({ agent })) })),
      );
      return found.flatMap((agent) =>
        agent.isFound ? [] : [{ name: agent.name, problem: agent.problem, next: agent.next }],
      );
    },
    async settle() {
      const client = new RemoteClient(await connectSupervisor(paths, environment), root, environment);
      try {
        await client.call('run.settle', {});
      } finally {
        client.dispose();
      }
    },
  };
}
