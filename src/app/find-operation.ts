import { taskOperations } from './operations/task-operations.ts';
import type { Operation } from './operations.ts';

/** The operation of that name. Those on tasks need none of the others to be loaded, which takes longer than they do. */
export async function findOperation(name: string): Promise<Operation | undefined> {
  const ofTasks: readonly Operation[] = taskOperations;
  const found = ofTasks.find((operation) => operation.name === name);
  return found ?? (await import('./operations.ts')).operations.find((operation) => operation.name === name);
}
