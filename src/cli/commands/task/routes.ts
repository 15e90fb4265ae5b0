import { buildRouteMap } from '@stricli/core';
import { taskExportCommand, taskImportCommand } from './exchange.ts';
import {
  taskFilterListCommand,
  taskFilterRemoveCommand,
  taskHistoryCommand,
  taskListCommand,
  taskReadyCommand,
  taskSearchCommand,
  taskShowCommand,
} from './read.ts';
import {
  taskClaimCommand,
  taskCloseCommand,
  taskCommentCommand,
  taskDependencyCommands,
  taskReleaseCommand,
  taskReopenCommand,
} from './state.ts';
import { taskAddCommand, taskEditCommand } from './write.ts';

export const taskRoutes = buildRouteMap({
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
});

/** The same as a program: `forge task …` and nothing else. */
export const taskProgram = buildRouteMap({ docs: { brief: 'The task graph' }, routes: { task: taskRoutes } });
