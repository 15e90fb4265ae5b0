import {
  type ApplicationText,
  buildApplication,
  buildRouteMap,
  ExitCode,
  run,
  type StricliProcess,
  text_en,
} from '@stricli/core';
import { asForgeError, endSentence, ForgeError } from '../base/errors.ts';
import type { CliContext } from './command.ts';
import { agentListCommand, agentTestCommand } from './commands/agent.ts';
import { agentCheckCommand } from './commands/agent-check.ts';
import { backupListCommand, backupMakeCommand, restoreCommand } from './commands/backup.ts';
import { batchCommands } from './commands/batch.ts';
import { budgetGrantCommand, budgetListCommand } from './commands/budget.ts';
import { checkpointListCommand, rewindCommand } from './commands/checkpoint.ts';
import { configListCommand, configSchemaCommand, configSetCommand, configUnsetCommand } from './commands/config.ts';
import { costCommand } from './commands/cost.ts';
import { doctorCommand } from './commands/doctor.ts';
import { gateCommands } from './commands/gate.ts';
import { hostRestartCommand, hostStatusCommand, hostStopCommand } from './commands/host.ts';
import { projectAddCommand, projectListCommand, projectRemoveCommand } from './commands/project.ts';
import { radarCommand } from './commands/radar.ts';
import { reviewCommand } from './commands/review.ts';
import { approveCommand, cancelCommand, pauseCommand, resumeCommand } from './commands/run/act.ts';
import { deliverCommand } from './commands/run/deliver.ts';
import { dispatchCommand, forkCommand } from './commands/run/dispatch.ts';
import { runExportCommand, runReplayCommand } from './commands/run/history.ts';
import { runDiffCommand, runShowCommand, runsCommand } from './commands/run/read.ts';
import { runStartCommand } from './commands/run/start.ts';
import { sessionAttachCommand, sessionKillCommand } from './commands/session/act.ts';
import { sessionMessagesCommand, sessionUnsendCommand } from './commands/session/messages.ts';
import { sessionExplainCommand, sessionListCommand, sessionScreenCommand } from './commands/session/read.ts';
import { sessionExportCommand, sessionLogsCommand, sessionReplayCommand } from './commands/session/recording.ts';
import { sessionSendCommand } from './commands/session/send.ts';
import { initCommand, tuiCommand, workerListCommand } from './commands/setup.ts';
import { mergeTasksCommand, syncCommand } from './commands/sync.ts';
import { taskExportCommand, taskImportCommand } from './commands/task/exchange.ts';
import {
  taskFilterListCommand,
  taskFilterRemoveCommand,
  taskHistoryCommand,
  taskListCommand,
  taskReadyCommand,
  taskSearchCommand,
  taskShowCommand,
} from './commands/task/read.ts';
import {
  taskClaimCommand,
  taskCloseCommand,
  taskCommentCommand,
  taskDependencyCommands,
  taskReleaseCommand,
  taskReopenCommand,
} from './commands/task/state.ts';
import { taskAddCommand, taskEditCommand } from './commands/task/write.ts';
import { worktreeCommands } from './commands/worktree.ts';
import type { ForgeCli } from './forge-cli.ts';

const routes = buildRouteMap({
  docs: { brief: 'A supervisor for coding agents in the terminal' },
  routes: {
    init: initCommand,
    tui: tuiCommand,
    task: buildRouteMap({
      docs: { brief: 'The task graph' },
      routes: {
        add: taskAddCommand,
        list: taskListCommand,
        show: taskShowCommand,
        edit: taskEditCommand,
        ready: taskReadyCommand,
        search: taskSearchCommand,
        claim: taskClaimCommand,
        release: taskReleaseCommand,
        comment: taskCommentCommand,
        history: taskHistoryCommand,
        import: taskImportCommand,
        export: taskExportCommand,
        filter: buildRouteMap({
          docs: { brief: 'Queries under names' },
          routes: { list: taskFilterListCommand, remove: taskFilterRemoveCommand },
        }),
        dep: taskDependencyCommands,
        close: taskCloseCommand,
        reopen: taskReopenCommand,
      },
    }),
    dispatch: dispatchCommand,
    runs: runsCommand,
    run: buildRouteMap({
      docs: { brief: 'Run plans; one run: its history and what it changed' },
      routes: {
        start: runStartCommand,
        show: runShowCommand,
        diff: runDiffCommand,
        export: runExportCommand,
        replay: runReplayCommand,
      },
      defaultCommand: 'start',
    }),
    radar: radarCommand,
    gate: gateCommands,
    review: reviewCommand,
    approve: approveCommand,
    deliver: deliverCommand,
    cancel: cancelCommand,
    pause: pauseCommand,
    resume: resumeCommand,
    fork: forkCommand,
    rewind: rewindCommand,
    checkpoint: buildRouteMap({
      docs: { brief: 'States that worktrees can be taken back to' },
      routes: { list: checkpointListCommand },
    }),
    session: buildRouteMap({
      docs: { brief: 'Live programs in their terminals' },
      routes: {
        list: sessionListCommand,
        explain: sessionExplainCommand,
        attach: sessionAttachCommand,
        send: sessionSendCommand,
        messages: sessionMessagesCommand,
        unsend: sessionUnsendCommand,
        screen: sessionScreenCommand,
        logs: sessionLogsCommand,
        replay: sessionReplayCommand,
        export: sessionExportCommand,
        kill: sessionKillCommand,
      },
    }),
    worker: buildRouteMap({ docs: { brief: 'The slots that take tasks' }, routes: { list: workerListCommand } }),
    agent: buildRouteMap({
      docs: { brief: 'The programs that do the work' },
      routes: { list: agentListCommand, check: agentCheckCommand, test: agentTestCommand },
    }),
    project: buildRouteMap({
      docs: { brief: 'The repositories that Forge knows' },
      routes: { list: projectListCommand, add: projectAddCommand, remove: projectRemoveCommand },
    }),
    backup: buildRouteMap({
      docs: { brief: 'Copies of .forge/, made by themselves' },
      routes: { make: backupMakeCommand, list: backupListCommand },
      defaultCommand: 'make',
    }),
    restore: restoreCommand,
    sync: syncCommand,
    'merge-tasks': mergeTasksCommand,
    worktree: worktreeCommands,
    batch: batchCommands,
    cost: costCommand,
    budget: buildRouteMap({
      docs: { brief: 'Limits of what may be spent' },
      routes: { list: budgetListCommand, grant: budgetGrantCommand },
      defaultCommand: 'list',
    }),
    config: buildRouteMap({
      docs: { brief: 'The settings' },
      routes: {
        list: configListCommand,
        set: configSetCommand,
        unset: configUnsetCommand,
        schema: configSchemaCommand,
      },
      defaultCommand: 'list',
    }),
    doctor: doctorCommand,
    host: buildRouteMap({
      docs: { brief: 'The session host and the supervisor' },
      routes: { status: hostStatusCommand, stop: hostStopCommand, restart: hostRestartCommand },
    }),
  },
});

/** The whole command surface; `text` replaces words of the parser. The reference of commands is generated from it. */
export function buildProgram(version: string, text: Partial<ApplicationText> = {}) {
  return buildApplication<CliContext>(routes, {
    name: 'forge',
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { caseStyle: 'convert-camel-to-kebab', onlyRequiredInUsageLine: true, disableAnsiColor: true },
    determineExitCode: (thrown) => asForgeError(thrown).exitCode,
    localization: { text: { ...text_en, ...text } },
  });
}

/** Runs one command line. Returns the exit status: 0, or the one of `base/errors.ts`. */
export async function runProgram(
  argv: readonly string[],
  forge: ForgeCli,
  { stdout, stderr, env }: Required<Pick<StricliProcess, 'stdout' | 'stderr' | 'env'>>,
): Promise<number> {
  let failure: ForgeError | null = null;
  const formatted = (thrown: unknown) => {
    failure = asForgeError(thrown);
    return describe(failure, argv.includes('--json'));
  };
  const application = buildProgram(forge.version, {
    exceptionWhileRunningCommand: formatted,
    commandErrorResult: formatted,
    exceptionWhileParsingArguments(thrown, isColoured) {
      const message = text_en.exceptionWhileParsingArguments.call(this, thrown, isColoured).split('\n').join(' ');
      return formatted(new ForgeError('usage.invalid', message.replace(/^Unable to parse arguments, /, '')));
    },
    noCommandRegisteredForInput: ({ input, corrections }) =>
      formatted(
        new ForgeError('usage.invalid', `There is no command ${input}.`, {
          next:
            corrections.length > 0
              ? `Did you mean: ${corrections.join(', ').replaceAll('`', '')}?`
              : 'See: forge --help',
        }),
      ),
  });
  const process: StricliProcess = { stdout, stderr, env, exitCode: null };
  let status = 0;
  const exitWith = (asked: number) => {
    status = asked;
  };
  await run(application, argv, { process, forge, exitWith } as CliContext & { process: StricliProcess });
  const code = Number(process.exitCode ?? 0);
  if (code === 0) return status;
  if (code === ExitCode.UnknownCommand || code === ExitCode.InvalidArgument) return 2;
  return code < 0 || code > 127 ? ((failure as ForgeError | null)?.exitCode ?? 1) : code;
}

/** What happened, why, and the next step; as JSON for programs. Never a stack trace. */
function describe(error: ForgeError, isJson: boolean): string {
  if (isJson) return JSON.stringify({ error: error.toJSON() });
  const { message } = error;
  return `forge: ${endSentence(message)}\n${error.next}`;
}
