import { z } from 'zod';
import { idPattern } from '../base/ids.ts';
import { runOptionsSchema } from './run-options.ts';

/** UTF-16 units of a title: it is one line in a list. The body has room for the rest. */
export const titleMax = 500;

/** How a variable of an environment may be called. */
export const variableName = /^[A-Za-z_]\w*$/;

/** Of the least urgent task; 0 is the most urgent. */
export const priorityMost = 4;

const priorityRange = `It is a number from 0 (the most urgent) to ${priorityMost}.`;

/** In characters. */
const commentMax = 100_000;
const personMax = 200;

const estimateRange = 'It is a whole number of minutes, from 1 on.';

/** What somebody said of a task. */
export const taskCommentSchema = z.looseObject({ at: z.number(), by: z.string(), text: z.string() });
export type TaskComment = z.infer<typeof taskCommentSchema>;

/** What somebody changed: each field with its value before and after. No field: the task was added. */
export const taskChangeSchema = z.looseObject({
  at: z.number(),
  by: z.string(),
  changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
});
export type TaskChange = z.infer<typeof taskChangeSchema>;

/** A unit of work in the project's task graph, as it is stored and as a line of `tasks.jsonl`. Times in ms since the epoch. */
export const taskSchema = z.looseObject({
  id: z.string().regex(idPattern),
  title: z.string().min(1).max(titleMax),
  body: z.string().max(1_000_000).default(''),
  status: z.enum(['open', 'closed']).default('open'),
  /** 0 is the most urgent, 4 the least. */
  priority: z.int().min(0).max(priorityMost).default(2),
  labels: z.array(z.string()).default([]),
  /** Ids of the tasks that must be closed before this one is ready. */
  dependsOn: z.array(z.string()).default([]),
  parent: z.string().nullable().default(null),
  /** The agent that should do it; otherwise any. */
  agent: z.string().optional(),
  /** Extra environment of whoever does it, over the agent's and the worker's; `${VAR}` is expanded at launch. */
  env: z.record(z.string(), z.string()).optional(),
  /** The worker that should do it; otherwise any. */
  worker: z.string().optional(),
  /** The id of the plan that it came from. */
  plan: z.string().optional(),
  ...runOptionsSchema.shape,
  /** Ids of tasks that a reader of this one should know; it waits for none of them. */
  related: z.array(z.string()).optional(),
  /** The task in whose work the need for this one was found. */
  discoveredFrom: z.string().optional(),
  /** Who is to do it, or has claimed it. */
  assignee: z.string().optional(),
  /** Since when the assignee is at it; a claimed task is not ready. */
  claimedAt: z.number().optional(),
  estimateMinutes: z.int().positive().optional(),
  /** What must be true of the work for it to be accepted. */
  acceptance: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  closedAt: z.number().nullable().default(null),
  /** Sets, oldest first: they only grow. Lists of tasks come without them. */
  comments: z.array(taskCommentSchema).optional(),
  history: z.array(taskChangeSchema).optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** A task with what follows from the rest of the graph. */
export interface TaskView extends Task {
  /** Ids of the open tasks that it waits for. */
  blockedBy: string[];
  /** Of those that are of another project, in which one (`in park`), or why it is not known whether they are open. */
  blockedOutside?: Record<string, string>;
  /** Open, nothing blocks it, and nobody has claimed it. */
  isReady: boolean;
}

/** The task by itself: what is stored of it, and what its line says. */
export function plainTask({ blockedBy: _, blockedOutside: __, isReady: ___, ...task }: TaskView): Task {
  return task as Task;
}

/** Why a task that is not ready is not, in words. */
export function whyNotReady(task: TaskView): string {
  const { status, blockedBy, assignee, claimedAt } = task;
  if (status === 'closed') return 'closed';
  return blockedBy.length === 0 && claimedAt !== undefined
    ? `is with ${assignee ?? 'somebody'}`
    : `waits for ${blockers(task).join(', ')}`;
}

/** What it waits for: ids, and of those that are of another project in which one. */
export function blockers({ blockedBy, blockedOutside = {} }: TaskView): string[] {
  return blockedBy.map((id) => (blockedOutside[id] === undefined ? id : `${id} (${blockedOutside[id]})`));
}

export const taskDraftSchema = z.object({
  title: z
    .string()
    .trim()
    .min(1, 'A task needs a title.')
    .max(titleMax, `It has at most ${titleMax} characters; what is longer belongs in the body.`),
  body: z.string().max(1_000_000).optional(),
  priority: z.int(priorityRange).min(0, priorityRange).max(priorityMost, priorityRange).optional(),
  labels: z.array(z.string().trim().min(1)).optional(),
  dependsOn: z.array(z.string()).optional(),
  parent: z.string().nullable().optional(),
  related: z.array(z.string()).optional(),
  discoveredFrom: z.string().nullable().optional(),
  assignee: z.string().trim().min(1).max(personMax).nullable().optional(),
  estimateMinutes: z.int(estimateRange).positive(estimateRange).nullable().optional(),
  acceptance: z.string().max(commentMax).nullable().optional(),
  /** null: any. */
  agent: z.string().min(1).nullable().optional(),
  /** null takes a variable away. */
  env: z
    .record(z.string().regex(variableName, 'A variable has a name of letters, digits and _.'), z.string().nullable())
    .optional(),
  /** null: any, and below, what the project's settings say. */
  worker: z.string().min(1).nullable().optional(),
  plan: z.string().nullable().optional(),
  gates: runOptionsSchema.shape.gates.nullable(),
  delivery: runOptionsSchema.shape.delivery.nullable(),
  review: runOptionsSchema.shape.review.nullable(),
});
export type TaskDraft = z.infer<typeof taskDraftSchema>;

/** Made when it is needed: that takes longer than most commands, and few change a task. */
export const taskPatchSchema = z.lazy(() =>
  taskDraftSchema.partial().extend({
    addLabels: z.array(z.string().trim().min(1)).optional(),
    removeLabels: z.array(z.string()).optional(),
  }),
);
export type TaskPatch = z.infer<typeof taskPatchSchema>;

export const commentTextSchema = z.string().trim().min(1, 'A comment needs a text.').max(commentMax);
