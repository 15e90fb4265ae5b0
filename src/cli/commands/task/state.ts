import { buildRouteMap } from '@stricli/core';
import { command, text } from '../../command.ts';
import { taskState } from '../../output/task.ts';

/** The commands that name one or two tasks and change how they stand. */
function stateCommand(name: 'task.close' | 'task.reopen', summary: string, example: string) {
  return command<Record<string, unknown>, [string]>({
    summary,
    example,
    args: { kind: 'tuple', parameters: [text('task', 'Id of the task')] },
    async run(forge, _flags, id) {
      const task = await forge.call(name, { id });
      return { json: task, text: `${task.id} is ${taskState(task)}.` };
    },
  });
}

export const taskCloseCommand = stateCommand('task.close', 'Close a task', 'forge task close fg-a3f8');
export const taskReopenCommand = stateCommand('task.reopen', 'Open a closed task again', 'forge task reopen fg-a3f8');

function dependencyCommand(name: 'task.dep.add' | 'task.dep.remove', summary: string, example: string) {
  return command<Record<string, unknown>, [string, string]>({
    summary,
    example,
    args: {
      kind: 'tuple',
      parameters: [text('task', 'Id of the task that waits'), text('on', 'Id of the task it waits for')],
    },
    async run(forge, _flags, id, dependsOn) {
      const task = await forge.call(name, { id, dependsOn });
      return { json: task, text: `${task.id} is ${taskState(task)}.` };
    },
  });
}

export const taskDependencyCommands = buildRouteMap({
  docs: { brief: 'Say which tasks wait for which' },
  routes: {
    add: dependencyCommand('task.dep.add', 'Make a task wait for another', 'forge task dep add fg-a3f8 fg-77k2'),
    remove: dependencyCommand('task.dep.remove', 'Stop waiting for it', 'forge task dep remove fg-a3f8 fg-77k2'),
  },
});
