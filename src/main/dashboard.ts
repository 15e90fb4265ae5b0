import { RemoteClient } from '../app/client.ts';
import type { DashboardRequest } from '../cli/forge-cli.ts';
import { loadConfig } from '../config/load-config.ts';
import { type ForgePaths, forgePaths } from '../config/paths.ts';
import { openRunDirectory } from '../daemon/run-directory.ts';
import { openDashboard as openOnTerminal } from '../ui/open-dashboard.ts';
import { connectHost, connectSupervisor } from './daemons.ts';

/** Opens the dashboard of the project at `root`, or of the demo's own. */
export async function openDashboard(
  request: DashboardRequest,
  root: string | null,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<void> {
  if (!request.isDemo) {
    await show(request, root ?? process.cwd(), paths, environment);
    return;
  }
  const { startDemo } = await import('./demo.ts');
  const demo = await startDemo(environment);
  try {
    await show(request, demo.root, forgePaths(demo.environment), demo.environment);
  } finally {
    await demo.end();
  }
  process.stdout.write('The demo is over: its agents have ended and its repository is removed.\n');
  process.stdout.write('In a repository of yours: forge init --stealth, forge task add "…", forge tui\n');
}

async function show(
  { isDemo, session }: DashboardRequest,
  root: string,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<void> {
  const { config } = loadConfig({ forgeHome: paths.home, projectRoot: root, environment });
  await openOnTerminal({
    input: process.stdin,
    output: process.stdout,
    env: environment,
    markerDir: openRunDirectory(paths.runDirectory).path,
    leader: config.keys.leader,
    isDemo,
    session,
    connectHost: () => connectHost(paths, environment),
    connectSupervisor: async () => new RemoteClient(await connectSupervisor(paths, environment), root, environment),
  });
}
