import { z } from 'zod';
import { runOptionsSchema } from './run-options.ts';
import { taskDraftSchema } from './task.ts';

/** How a plan is called by those that depend on it. */
export const planIdPattern = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

const { title, body, priority, labels } = taskDraftSchema.shape;

/** Work that a file describes: a task that is made when it is run, and found again by the plan's id. */
export const planSchema = z.object({
  id: z.string().regex(planIdPattern),
  title,
  body,
  /** Left out: as the task has it. */
  ...{ priority, labels },
  /** Ids of plans, or of tasks. */
  dependsOn: z.array(z.string()),
  agent: z.string().optional(),
  worker: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  ...runOptionsSchema.shape,
  /** For what is wrong with a value: where it stands, by its name (`gates`, `dependsOn.1`), as `file:line:column`. */
  at: z.record(z.string(), z.string()),
});
export type Plan = z.infer<typeof planSchema>;
