import { z } from 'zod';
import { taskChangeSchema, taskCommentSchema, taskSchema } from './task.ts';

const ids = z.array(z.string());

const view = taskSchema.extend({
  blockedBy: ids.meta({ description: 'Ids of the open tasks that it waits for' }),
  blockedOutside: z.record(z.string(), z.string()).optional().meta({
    description: 'Of those that are of another project, in which one, or why it is not known whether they are open',
  }),
  isReady: z.boolean().meta({ description: 'Open, nothing blocks it, and nobody has claimed it' }),
});

const details = view.extend({
  comments: z.array(taskCommentSchema),
  history: z.array(taskChangeSchema),
  blocks: ids.meta({ description: 'Ids of the tasks that wait for it' }),
  children: ids.meta({ description: 'Ids of its parts' }),
  relatedFrom: ids.meta({ description: 'Ids of the tasks that name it as related' }),
  discovered: ids.meta({ description: 'Ids of the tasks that were found in its work' }),
});

const importReport = z.object({
  format: z.string(),
  isDryRun: z.boolean(),
  added: ids,
  known: z.int(),
  notes: z.array(z.string()),
});

/** What `--json` of each command under `forge task` prints: `docs/reference/task.schema.json` is made of it. */
export const taskJson = {
  line: taskSchema.meta({ description: 'A line of tasks.jsonl, and of task export' }),
  task: view.meta({ description: 'task add, edit, close, reopen, release, comment, dep add, dep remove' }),
  details: details.meta({ description: 'task show' }),
  tasks: z.array(view).meta({ description: 'task list, ready, search' }),
  claim: view.nullable().meta({ description: 'task claim; null when nothing is ready' }),
  history: z.array(taskChangeSchema).meta({ description: 'task history' }),
  many: z
    .object({ isDone: z.boolean(), tasks: z.array(view) })
    .meta({ description: 'task edit --where; not done: what would change' }),
  import: importReport.meta({ description: 'task import' }),
  filter: z
    .object({ name: z.string(), query: z.string() })
    .meta({ description: 'task filter remove; list is an array' }),
} as const;
