import { buildRouteMap } from '@stricli/core';
import { buildApplicationOf } from './application.ts';
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
import { redoCommand } from './commands/redo.ts';
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
import { sessionShellCommand } from './commands/session/shell.ts';
import { initCommand, workerListCommand } from './commands/setup.ts';
import { mergeTasksCommand, syncCommand } from './commands/sync.ts';
import { taskRoutes } from './commands/task/routes.ts';
import { tuiCommand } from './commands/tui.ts';
import { undoCommand } from './commands/undo.ts';
import { worktreeCommands } from './commands/worktree.ts';

export const routes = buildRouteMap({
  docs: { brief: 'A supervisor for coding agents in the terminal' },
  routes: {
    init: initCommand,
    tui: tuiCommand,
    task: taskRoutes,
    undo: undoCommand,
    redo: redoCommand,
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
        shell: sessionShellCommand,
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

/** The whole command surface. The reference of commands is generated from it. */
export function buildProgram(version: string) {
  return buildApplicationOf(routes, version);
}
