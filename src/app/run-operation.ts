import type { TaskContext } from './context.ts';
import { parseInput } from './define-operation.ts';
import type { Operation } from './operations.ts';

/** Runs an operation in a context that has what it needs, after its input was checked. */
export async function runOperation<Output>(
  operation: Operation,
  input: unknown,
  context: TaskContext,
): Promise<Output> {
  const act = operation.run as (context: TaskContext, input: unknown) => Output | Promise<Output>;
  return await act(context, parseInput(operation.input, input));
}
