import { numberParser } from '@stricli/core';
import { ForgeError } from '../../../base/errors.ts';
import { plainText } from '../../../base/text.ts';
import { allProjectsFlag } from '../../all-projects.ts';
import { taskCommand, text } from '../../command.ts';
import { table } from '../../output/table.ts';
import { historyLines, projectsTaskTable, taskDetails, taskTable } from '../../output/task.ts';

const limitFlag = { kind: 'parsed', parse: numberParser, brief: 'At most this many', optional: true } as const;

type ListFlags = {
  all?: boolean;
  label?: string;
  where?: string;
  filter?: string;
  save?: string;
  limit?: number;
  offset?: number;
  allProjects?: boolean;
};

export const taskListCommand = taskCommand<ListFlags>({
  summary: 'List open tasks, most urgent first',
  example: "forge task list --where 'label:ui priority<=1 -assignee:none login'",
  details:
    'A query is conditions that must all hold, and words that must all be there: status:open|closed|all, is:ready|blocked|claimed, label:, priority: (also <, <=, >, >=), assignee:, agent:, parent: (a value or none). A minus before one turns it around; what has spaces goes in quotes. --save keeps it under a name for --filter.',
  flags: {
    all: { kind: 'boolean', brief: 'Closed ones too', optional: true },
    label: { kind: 'parsed', parse: String, brief: 'Only those with this label', optional: true },
    where: { kind: 'parsed', parse: String, brief: 'Only those that this query finds', optional: true },
    filter: { kind: 'parsed', parse: String, brief: 'Only those of this saved filter', optional: true },
    save: { kind: 'parsed', parse: String, brief: 'Save the query as a filter of this name', optional: true },
    limit: limitFlag,
    offset: { kind: 'parsed', parse: numberParser, brief: 'Leave out this many first', optional: true },
    allProjects: allProjectsFlag,
  },
  async run(forge, { all = false, label, where, filter, save, limit, offset, allProjects }) {
    if (allProjects) {
      if (save !== undefined)
        throw new ForgeError(
          'usage.invalid',
          'A filter is saved in one project: leave out one of --save and --all-projects.',
        );
      // The first page of all is among the first pages of each.
      const first = limit === undefined ? undefined : limit + (offset ?? 0);
      const answers = await forge.callInProjects('task.list', { all, label, where, filter, limit: first });
      return projectsTaskTable(answers, 'No such tasks.', { offset, limit });
    }
    const tasks = await forge.call('task.list', { all, label, where, filter, save, limit, offset });
    const isAsked = [label, where, filter, offset].some((value) => value !== undefined);
    return taskTable(
      tasks,
      isAsked ? 'No such tasks.' : 'No open tasks. Add one with: forge task add "What is to be done"',
    );
  },
});

export const taskReadyCommand = taskCommand<{ limit?: number; allProjects?: boolean }>({
  summary: 'List what nothing blocks, most urgent first',
  example: 'forge task ready --json',
  flags: { limit: limitFlag, allProjects: allProjectsFlag },
  async run(forge, { limit, allProjects }) {
    if (allProjects)
      return projectsTaskTable(await forge.callInProjects('task.ready', { limit }), 'Nothing is ready.', { limit });
    return taskTable(await forge.call('task.ready', { limit }), 'Nothing is ready. See what blocks: forge task list');
  },
});

export const taskSearchCommand = taskCommand<{ limit?: number; all?: boolean; allProjects?: boolean }, string[]>({
  summary: 'Find open tasks by their words, best first',
  example: 'forge task search login "empty password" --all',
  details:
    'Looks into titles, bodies, labels and comments for tasks that have all the words, with any ending; a quoted phrase as it stands.',
  flags: {
    limit: limitFlag,
    all: { kind: 'boolean', brief: 'Closed ones too', optional: true },
    allProjects: allProjectsFlag,
  },
  args: { kind: 'array', parameter: text('words', 'What to look for'), minimum: 1 },
  async run(forge, { limit, all = false, allProjects }, ...words) {
    // An argument with a space was quoted in the shell: it is a phrase here.
    const typed = words.map((word) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word)).join(' ');
    const asked = { words: typed, limit, all };
    // How well a task fits is known within its project alone: `limit` is of each.
    if (allProjects)
      return projectsTaskTable(await forge.callInProjects('task.search', asked), 'Nothing found.', {
        isByUrgency: false,
      });
    return taskTable(await forge.call('task.search', asked), 'Nothing found.');
  },
});

export const taskShowCommand = taskCommand<Record<string, unknown>, [string]>({
  summary: 'Show one task',
  example: 'forge task show fg-a3f8',
  args: { kind: 'tuple', parameters: [text('task', 'Id of the task')] },
  async run(forge, _flags, id) {
    const task = await forge.call('task.show', { id });
    return { json: task, text: taskDetails(task, task.variables) };
  },
});

export const taskHistoryCommand = taskCommand<Record<string, unknown>, [string]>({
  summary: 'Show who changed what of a task, and when',
  example: 'forge task history fg-a3f8',
  args: { kind: 'tuple', parameters: [text('task', 'Id of the task')] },
  async run(forge, _flags, id) {
    const { history } = await forge.call('task.show', { id });
    return { json: history, text: historyLines(history).join('\n') || 'Nothing was recorded of it.' };
  },
});

export const taskFilterListCommand = taskCommand({
  summary: 'List the saved filters',
  example: 'forge task filter list',
  async run(forge) {
    const filters = await forge.call('task.filter.list', {});
    const rows = filters.map(({ name, query }) => [name, plainText(query)]);
    return {
      json: filters,
      text: await table(rows, 'No filters. Save one: forge task list --where QUERY --save NAME'),
    };
  },
});

export const taskFilterRemoveCommand = taskCommand<Record<string, unknown>, [string]>({
  summary: 'Forget a saved filter',
  example: 'forge task filter remove urgent',
  args: { kind: 'tuple', parameters: [text('name', 'Name of the filter')] },
  async run(forge, _flags, name) {
    const filter = await forge.call('task.filter.remove', { name });
    return { json: filter, text: `Forgot ${filter.name}: ${plainText(filter.query)}` };
  },
});
