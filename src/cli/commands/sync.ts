import { counted } from '../../base/counted.ts';
import { ForgeError } from '../../base/errors.ts';
import { command, text } from '../command.ts';

export const syncCommand = command<{ remote?: string; hook?: string }>({
  summary: 'Bring the database, tasks.jsonl and the data branch in step',
  example: 'forge sync',
  details:
    'Database and tasks.jsonl are in step by themselves; this is for hooks of git, and to be sure. With a data branch (forge init --branch) it fetches that branch, merges it task by task, and pushes it: the only command that does. It goes to origin, your own fork where there is one.',
  flags: {
    remote: { kind: 'parsed', parse: String, brief: 'Another remote than origin, for the data branch', optional: true },
    hook: { kind: 'parsed', parse: String, brief: 'For hooks of git: which one asks', optional: true },
  },
  async run(forge, { remote, hook }) {
    const report = await forge.sync(remote ?? null, hook ?? null);
    const where =
      report.branch === null ? '' : ` on ${report.branch}${report.remote === null ? '' : ` and at ${report.remote}`}`;
    return {
      json: report,
      text: [
        `${counted(report.tasks, 'task')} ${report.tasks === 1 ? 'is' : 'are'} in step${where}.`,
        ...(report.note ? [report.note] : []),
      ].join('\n'),
    };
  },
});

export const mergeTasksCommand = command<Record<string, unknown>, [string, string, string]>({
  summary: 'Merge three versions of tasks.jsonl, as git asks its merge drivers to',
  example: 'forge merge-tasks BASE OURS THEIRS',
  details:
    'The result takes the place of OURS. forge init writes it into the configuration of git as the driver for .forge/tasks.jsonl: tasks are merged by id and field by field, and none is lost.',
  args: {
    kind: 'tuple',
    parameters: [
      text('base', 'What both began with'),
      text('ours', 'The file that is written'),
      text('theirs', 'The other one'),
    ],
  },
  async run(forge, _flags, base, ours, theirs) {
    if (await forge.mergeTasks(base, ours, theirs)) return { json: { isMerged: true }, text: '' };
    throw new ForgeError('usage.invalid', 'One side has conflict markers of git: it cannot be merged.', {
      next: 'Resolve them first.',
    });
  },
});
