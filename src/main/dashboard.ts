import { existsSync } from 'node:fs';
import { RemoteClient } from '../app/client.ts';
import type { Editor } from '../app/edit-task.ts';
import { ForgeError } from '../base/errors.ts';
import type { DashboardRequest } from '../cli/forge-cli.ts';
import { isProject } from '../config/is-project.ts';
import { KeptPanes } from '../config/kept-panes.ts';
import { loadConfig } from '../config/load-config.ts';
import { type ForgePaths, forgePaths } from '../config/paths.ts';
import { openProjectRegistry } from '../config/projects.ts';
import { watchFiles } from '../config/watch-files.ts';
import { openRunDirectory } from '../daemon/run-directory.ts';
import type { ShownProject } from '../ui/app/state.ts';
import { openDashboard as openOnTerminal } from '../ui/open-dashboard.ts';
import { compileEarly } from './compile-early.ts';
import { connectHost, connectSupervisor } from './daemons.ts';
import { followLogs } from './follow-logs.ts';
import { runEditor } from './run-editor.ts';
import { runNotifier } from './run-notifier.ts';

/** Signals that end a program, with the status that a shell expects after them. */
const deadly = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** Opens the dashboard of the project at `root`, of all projects (null), or of the demo's own. */
export async function openDashboard(
  request: DashboardRequest,
  root: string | null,
  paths: ForgePaths,
  environment: Record<string, string>,
): Promise<void> {
  compileEarly();
  if (!request.isDemo) {
    if (root !== null && !isProject(root)) throw new ForgeError('project.missing', `Forge is not set up in ${root}.`);
    await show(request, root, paths, environment, (text, name) => runEditor(text, name, environment));
    return;
  }
  const { startDemo } = await import('./demo.ts');
  const demo = await startDemo(environment);
  // The dashboard gives the terminal back and raises the signal again; the demo's agents are ended before it counts.
  let isEditing = false;
  for (const [signal, status] of deadly) {
    process.on(signal, () => {
      // A key in the editor.
      if (isEditing && signal === 'SIGINT') return;
      void demo.end().finally(() => process.exit(status));
    });
  }
  const edit: Editor = async (text, name) => {
    isEditing = true;
    try {
      return await runEditor(text, name, demo.environment);
    } finally {
      isEditing = false;
    }
  };
  try {
    await show(request, demo.root, forgePaths(demo.environment), demo.environment, edit);
  } finally {
    await demo.end();
  }
  process.stdout.write('The demo is over: its agents have ended and its repository is removed.\n');
  process.stdout.write('In a repository of yours: forge init --stealth, forge task add "…", forge tui\n');
}

async function show(
  { isDemo, isAll, session }: DashboardRequest,
  root: string | null,
  paths: ForgePaths,
  environment: Record<string, string>,
  edit: Editor,
): Promise<void> {
  const { config } = loadConfig({ forgeHome: paths.home, projectRoot: root, environment });
  await openOnTerminal({
    input: process.stdin,
    output: process.stdout,
    env: environment,
    markerDir: openRunDirectory(paths.runDirectory).path,
    leader: config.keys.leader,
    hasMouse: config.ui.mouse,
    programsCopy: config.ui.programsCopy,
    theme: config.ui.theme ?? 'terminal',
    isScreenReader: config.ui.screenReader || environment.INK_SCREEN_READER === 'true',
    keys: config.keys.actions,
    followLogs: (tell) => followLogs(paths.logsDirectory, tell),
    edit,
    isDemo,
    session,
    highlighter: new URL('./highlight-worker.js', import.meta.url),
    root,
    isAll,
    notify: {
      terminal: config.notify.terminal,
      run: (text) => runNotifier(config.notify.command, text, environment),
    },
    keptPanes: new KeptPanes(paths.panesFile),
    projects: () => shownProjects(paths),
    watchProjects: (onChange) => watchFiles([paths.projectsFile], onChange),
    connectHost: () => connectHost(paths, environment),
    connectSupervisor: async (of) => new RemoteClient(await connectSupervisor(paths, environment), of, environment),
  });
}

function shownProjects(paths: ForgePaths): ShownProject[] {
  return openProjectRegistry(paths.projectsFile)
    .list()
    .map(({ name, path, prefix }) => ({
      ...{ name, prefix, root: path },
      problem: existsSync(path) ? null : `not at ${path} any more`,
    }));
}
