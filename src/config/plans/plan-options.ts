import { z } from 'zod';
import { deliverySchema, reviewSchema } from '../../domain/completion.ts';
import { planIdPattern } from '../../domain/plan.ts';
import { titleMax } from '../../domain/task.ts';
import { gateOptions, variables } from '../options.ts';
import { nameSchema } from '../rule-options.ts';

const planId = z.string().regex(planIdPattern, 'an id of a-z, 0-9 and -, at most 64 characters');

/** Everything that may stand in front of a plan. */
export const planOptions = {
  id: planId.optional().describe("How others name it, and how its task is found again. Left out: the file's name."),
  title: z.string().trim().min(1).max(titleMax).optional().describe('Left out: the first heading of the text.'),
  depends_on: z
    .array(z.string().min(1))
    .default([])
    .describe('Ids of plans, or of tasks, that must be closed before it begins.'),
  agent: nameSchema.optional().describe('The agent that does it; left out: any.'),
  worker: nameSchema.optional().describe('The worker that does it; left out: any.'),
  gates: z
    .array(z.union([nameSchema, gateOptions], 'the name of a gate of the project, or a gate: { name, run }'))
    .optional()
    .describe("Instead of the project's gates: names of some of these, and gates of its own."),
  delivery: deliverySchema.optional().describe("Instead of the project's delivery."),
  review: reviewSchema.optional().describe("Instead of the project's review."),
  priority: z.int().min(0).max(4).optional().describe('0, the most urgent, to 4; 2.'),
  labels: z.array(z.string().trim().min(1)).optional().describe('Labels of its task.'),
  env: variables.optional().describe("Extra environment of its agent, over the agent's and the worker's."),
} as const;

export const frontMatterSchema = z.strictObject(planOptions);
