import type { z } from 'zod';
import { ForgeError } from '../base/errors.ts';
import type { OperationContext, SupervisorContext, TaskContext } from './context.ts';

interface Shared<Name extends string, Input extends z.ZodType> {
  name: Name;
  /** One line for help and docs. */
  summary: string;
  input: Input;
  /** It is about all projects: in which of them it runs, and whether it is asked in one, makes no difference. */
  isAnywhere?: boolean;
}

/** Runs on the store alone. */
export interface TaskOperation<Name extends string, Input extends z.ZodType, Output> extends Shared<Name, Input> {
  place: 'tasks';
  run(context: TaskContext, input: z.output<Input>): Output | Promise<Output>;
}

/** Runs wherever the store can be opened: no supervisor needed. */
export interface StoreOperation<Name extends string, Input extends z.ZodType, Output> extends Shared<Name, Input> {
  place: 'store';
  /** It tells how runs stand: where some are live, the supervisor is to look first whether their sessions still are. */
  tellsRuns?: boolean;
  run(context: OperationContext, input: z.output<Input>): Output | Promise<Output>;
}

/** Runs in the supervisor only. */
export interface SupervisorOperation<Name extends string, Input extends z.ZodType, Output> extends Shared<Name, Input> {
  place: 'supervisor';
  run(context: SupervisorContext, input: z.output<Input>): Output | Promise<Output>;
}

export function taskOperation<const Name extends string, Input extends z.ZodType, Output>(
  operation: Omit<TaskOperation<Name, Input, Output>, 'place'>,
): TaskOperation<Name, Input, Output> {
  return { ...operation, place: 'tasks' };
}

export function storeOperation<const Name extends string, Input extends z.ZodType, Output>(
  operation: Omit<StoreOperation<Name, Input, Output>, 'place'>,
): StoreOperation<Name, Input, Output> {
  return { ...operation, place: 'store' };
}

export function supervisorOperation<const Name extends string, Input extends z.ZodType, Output>(
  operation: Omit<SupervisorOperation<Name, Input, Output>, 'place'>,
): SupervisorOperation<Name, Input, Output> {
  return { ...operation, place: 'supervisor' };
}

/** The input checked against the operation's schema; throws `usage.invalid` that names the field. */
export function parseInput<Input extends z.ZodType>(schema: Input, input: unknown): z.output<Input> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new ForgeError('usage.invalid', where ? `${where}: ${issue?.message}` : (issue?.message ?? 'Invalid input.'));
}
