import { findTaskOperation } from '../app/operations/task-operations.ts';
import type { InputOf, OutputOf, TaskOperationName } from '../app/operations.ts';
import { runOperation } from '../app/run-operation.ts';
import { taskProgram } from '../cli/commands/task/routes.ts';
import type { ForgeCli, TaskCli } from '../cli/forge-cli.ts';
import { forgePaths, readEnvironment } from '../config/paths.ts';
import { askProjects } from './ask-projects.ts';
import { editorOn, filePath, Here, readFile, readInput } from './here.ts';
import { rememberedProjects } from './remembered-settings.ts';
import { runCommandLine } from './run-command-line.ts';
import { version } from './version.ts';

/**
 * `forge task …`, which people and agents type most often, as a program of one file: to find and load the parts of the whole
 * one takes longer than what they ask for.
 */
const environment = readEnvironment();
const here = new Here(forgePaths(environment), environment);
here.findMeanwhile();
const cli: TaskCli & { dispose(): void } = {
  ...{ version, filePath, readFile, readInput, edit: editorOn(environment) },
  async call<Name extends TaskOperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    const place = await here.placeOf(input);
    const project = await here.openTasks(place ?? (await here.repository()));
    return runOperation(findTaskOperation(name), input, project);
  },
  async callInProjects<Name extends TaskOperationName>(name: Name, input: InputOf<Name>) {
    const projects = await rememberedProjects(here.paths);
    return askProjects(
      projects.map((project) => ({ name: project.name, root: project.path })),
      async (root): Promise<OutputOf<Name>> => runOperation(findTaskOperation(name), input, await here.openTasks(root)),
    );
  },
  dispose: () => here.held.dispose(),
};
// Its commands are made to need no more than a TaskCli.
void runCommandLine(process.argv.slice(2), cli as ForgeCli & typeof cli, taskProgram, environment);
