import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RemoteClient } from '../app/client.ts';
import type { Editor } from '../app/edit-task.ts';
import type { DashboardRequest } from '../cli/forge-cli.ts';
import { KeptPanes } from '../config/kept-panes.ts';
import { type ForgePaths, forgePaths } from '../config/paths.ts';
import { watchFiles } from '../config/watch-files.ts';
import type { Connection } from '../daemon/connection.ts';
import { openRunDirectory } from '../daemon/run-directory.ts';
import type { ShownProject } from '../ui/app/state.ts';
import { openDashboard as openOnTerminal } from '../ui/open-dashboard.ts';
import { compileEarly, compileLittle } from './compile-stages.ts';
import { connectHost, connectSupervisor, loadScreens } from './daemons.ts';
import { followLogs } from './follow-logs.ts';
import { rememberedProjects, rememberedSettings } from './remembered-settings.ts';
import { runEditor } from './run-editor.ts';
import { runNotifier } from './run-notifier.ts';

/** Signals that end a program, with the status that a shell expects after them. */
const deadly = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

export interface DashboardPlace {
  /** The checkout of a project in which Forge is set up; null: all projects. */
  root: string | null;
  /** A link that is on its way, see `reachSoon`. */
  supervisor: Promise<Connection | null> | null;
  paths: ForgePaths;
  environment: Record<string, string>;
}

/** Opens the dashboard there, or that of the demo's own project. */
export async function openDashboard(request: DashboardRequest, place: DashboardPlace): Promise<void> {
  compileLittle();
  const { environment } = place;
  if (!request.isDemo) {
    await show(request, place, (text, name) => runEditor(text, name, environment));
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
    const paths = forgePaths(demo.environment);
    await show(request, { root: demo.root, supervisor: null, paths, environment: demo.environment }, edit);
  } finally {
    await demo.end();
  }
  process.stdout.write('The demo is over: its agents have ended and its repository is removed.\n');
  process.stdout.write('In a repository of yours: forge init --stealth, forge task add "…", forge tui\n');
}

async function show(
  { isDemo, isAll, session }: DashboardRequest,
  { root, supervisor, paths, environment }: DashboardPlace,
  edit: Editor,
): Promise<void> {
  // For the first that asks; each project has a link of its own.
  let early = supervisor;
  const linkToSupervisor = async () => {
    const link = early;
    early = null;
    const reached = await link;
    return reached?.isClosed === false ? reached : connectSupervisor(paths, environment);
  };
  const { config } = await rememberedSettings(paths, { forgeHome: paths.home, projectRoot: root, environment });
  const isScreenReader = config.ui.screenReader || environment.INK_SCREEN_READER === 'true';
  await openOnTerminal({
    input: process.stdin,
    output: process.stdout,
    env: environment,
    markerDir: openRunDirectory(paths.runDirectory).path,
    leader: config.keys.leader,
    hasMouse: config.ui.mouse,
    programsCopy: config.ui.programsCopy,
    hasLocalEcho: config.ui.localEcho && !isScreenReader,
    theme: config.ui.theme ?? 'terminal',
    isScreenReader,
    keys: config.keys.actions,
    followLogs: (tell) => followLogs(paths.logsDirectory, tell),
    edit,
    isDemo,
    session,
    onShown() {
      compileEarly();
      // Whoever needs one hears of it when it cannot be loaded.
      loadScreens().catch(() => {});
    },
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
    // No link by now: the socket was a dead one's.
    isViewNear: (await Promise.race([supervisor, nextTurn()])) !== null,
    connectSupervisor: async (of) => new RemoteClient(await linkToSupervisor(), of, environment),
  });
}

async function shownProjects(paths: ForgePaths): Promise<ShownProject[]> {
  return (await rememberedProjects(paths)).map(({ name, path, prefix }) => ({
    ...{ name, prefix, root: path },
    problem: existsSync(path) ? null : `not at ${path} any more`,
  }));
}
