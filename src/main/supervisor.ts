import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HostLink } from '../app/supervisor/host-link.ts';
import { ProjectRuntime } from '../app/supervisor/project-runtime.ts';
import { SharedSpending } from '../app/supervisor/shared-spending.ts';
import { SharedTurns } from '../app/supervisor/shared-turns.ts';
import { Supervisor } from '../app/supervisor/supervisor.ts';
import { forgePaths, personName, readEnvironment } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { removeLeftFolders } from '../git/temporary-folders.ts';
import { createPortBlocks } from '../worktrees/port-blocks.ts';
import { createWorktreeSetup } from '../worktrees/prepare-worktree.ts';
import { becomeSupervisor, connectHost } from './daemons.ts';
import { openDelivery } from './open-delivery.ts';
import { openProjectContext } from './project-context.ts';
import { openRunFiles } from './run-files.ts';
import { version } from './version.ts';

/** The supervisor as a process: one per FORGE_HOME, for every project; started when it is needed. */
export async function main(): Promise<number> {
  const environment = readEnvironment();
  const paths = forgePaths(environment);
  const startedAt = Date.now();
  const log = (line: string) => process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  const daemon = await becomeSupervisor(paths);
  if (!daemon) return 0;

  removeLeftFolders(startedAt);
  const host = new HostLink(() => connectHost(paths, environment), log);
  const actor = personName(environment);
  // One for all projects: none may have the ports of another.
  const ports = createPortBlocks(paths.portsDirectory);
  const turns = new SharedTurns();
  const spending = new SharedSpending();
  const supervisor: Supervisor = new Supervisor({
    open: async (root) => {
      const openOther = async (path: string) => (await supervisor.project(path)).context;
      const context = await openProjectContext({ repository: root, paths, environment, actor, warn: log, openOther });
      const worktrees = join(paths.worktreesDirectory, context.project.name);
      const setup = createWorktreeSetup(context.environment, ports);
      const delivery = openDelivery(context, paths);
      const files = openRunFiles(root);
      return new ProjectRuntime({
        ...{ context, host, setup, files, delivery, turns, spending },
        ...{ clock: Date.now, worktrees, log },
      });
    },
    status: () => ({ pid: process.pid, version, startedAt }),
    onStop: () => stop(),
    log,
  });
  const stop = () => {
    log('stopping');
    supervisor.dispose();
    host.dispose();
    daemon.dispose();
    // Answers that are on their way get a moment; nothing that must survive is only in memory.
    setTimeout(() => process.exit(0), 50);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {});
  process.on('uncaughtException', (failure) => log(`uncaught: ${failure.stack}`));
  process.on('unhandledRejection', (failure) =>
    log(`unhandled: ${failure instanceof Error ? failure.stack : failure}`),
  );
  daemon.onClient((link) => supervisor.serve(link));
  daemon.onHandOver(() => stop());
  log(`supervisor ${version} runs as ${process.pid}`);

  // Runs go on in projects that nobody has asked about yet, also in one whose .forge/ is to come back.
  for (const { path } of openProjectRegistry(paths.projectsFile).list()) {
    if (existsSync(path)) supervisor.project(path).catch((failure: Error) => log(`${path}: ${failure.message}`));
  }
  return await new Promise(() => {});
}
