import { tuiProgram } from '../cli/commands/tui.ts';
import type { ForgeCli } from '../cli/forge-cli.ts';
import { forgePaths, readEnvironment } from '../config/paths.ts';
import { dashboardHere } from './dashboard-here.ts';
import { Here } from './here.ts';
import { runCommandLine } from './run-command-line.ts';
import { version } from './version.ts';

/** `forge tui` as a program of one file, so that it is soon there: to find and load its parts takes longer than to draw it. */
const environment = readEnvironment();
const here = new Here(forgePaths(environment), environment);
const cli: Pick<ForgeCli, 'version' | 'dashboard'> & { dispose(): void } = {
  version,
  dashboard: (request) => dashboardHere(request, here),
  dispose: () => here.held.dispose(),
};
// The one command of it uses nothing else of a ForgeCli.
void runCommandLine(process.argv.slice(2), cli as ForgeCli & typeof cli, tuiProgram, environment);
