import { command, text } from '../../command.ts';
import { taskDetails, taskTable } from '../../output/task.ts';

export const taskListCommand = command<{ all?: boolean; label?: string }>({
  summary: 'List open tasks, most urgent first',
  example: 'forge task list --all',
  flags: {
    all: { kind: 'boolean', brief: 'Closed ones too', optional: true },
    label: { kind: 'parsed', parse: String, brief: 'Only those with this label', optional: true },
  },
  async run(forge, { all, label }) {
    const tasks = await forge.call('task.list', { all: all ?? false, label });
    return taskTable(tasks, 'No open tasks. Add one with: forge task add "What is to be done"');
  },
});

export const taskReadyCommand = command({
  summary: 'List what nothing blocks, most urgent first',
  example: 'forge task ready --json',
  async run(forge) {
    return taskTable(await forge.call('task.ready', {}), 'Nothing is ready. See what blocks: forge task list');
  },
});

export const taskShowCommand = command<Record<string, unknown>, [string]>({
  summary: 'Show one task',
  example: 'forge task show fg-a3f8',
  args: { kind: 'tuple', parameters: [text('task', 'Id of the task')] },
  async run(forge, _flags, id) {
    const task = await forge.call('task.show', { id });
    return { json: task, text: taskDetails(task, task.variables) };
  },
});
