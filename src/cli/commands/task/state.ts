import { buildRouteMap } from '@stricli/core';
import { taskCommand, text } from '../../command.ts';
import { taskDetails, taskSentence } from '../../output/task.ts';

/** The commands that name one or two tasks and change how they stand. */
function stateCommand(name: 'task.close' | 'task.reopen' | 'task.release', summary: string, example: string) {
  return taskCommand<Record<string, unknown>, [string]>({
    summary,
    example,
    args: { kind: 'tuple', parameters: [text('task', 'Id of the task')] },
    async run(forge, _flags, id) {
      const task = await forge.call(name, { id });
      return { json: task, text: taskSentence(task) };
    },
  });
}

export const taskCloseCommand = stateCommand('task.close', 'Close a task', 'forge task close fg-a3f8');
export const taskReopenCommand = stateCommand('task.reopen', 'Open a closed task again', 'forge task reopen fg-a3f8');
export const taskReleaseCommand = stateCommand(
  'task.release',
  'Give a claimed task back',
  'forge task release fg-a3f8',
);

export const taskClaimCommand = taskCommand<{ worker?: string }, [string | undefined]>({
  summary: 'Take the most urgent ready task; nobody else gets it then',
  example: 'forge task claim --worker w1 --json',
  details:
    'Takes what is ready, in no run, and assigned to nobody or to this worker; or the task that is named. When there is none it says so, as JSON null, and ends with 0. forge task release gives it back.',
  flags: {
    worker: { kind: 'parsed', parse: String, brief: 'Who takes it; otherwise your login name', optional: true },
  },
  args: { kind: 'tuple', parameters: [{ ...text('task', 'Id of the task'), optional: true }] },
  async run(forge, { worker }, id) {
    const task = await forge.call('task.claim', { worker, id });
    return { json: task, text: task === null ? 'Nothing is ready.' : taskDetails(task) };
  },
});

export const taskCommentCommand = taskCommand<Record<string, unknown>, [string, string]>({
  summary: 'Say something of a task',
  example: 'forge task comment fg-a3f8 "The password is empty after a reset."',
  args: { kind: 'tuple', parameters: [text('task', 'Id of the task'), text('text', 'What is said; - reads it')] },
  async run(forge, _flags, id, said) {
    const task = await forge.call('task.comment', { id, text: said === '-' ? await forge.readInput() : said });
    return { json: task, text: `Commented on ${task.id}.` };
  },
});

function dependencyCommand(name: 'task.dep.add' | 'task.dep.remove', summary: string, example: string) {
  return taskCommand<Record<string, unknown>, [string, string]>({
    summary,
    example,
    args: {
      kind: 'tuple',
      parameters: [text('task', 'Id of the task that waits'), text('on', 'Id of the task it waits for')],
    },
    async run(forge, _flags, id, dependsOn) {
      const task = await forge.call(name, { id, dependsOn });
      return { json: task, text: taskSentence(task) };
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
