import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';

const input = z.object({ id: z.string(), dependsOn: z.string() });

export const taskDependencyAdd = storeOperation({
  name: 'task.dep.add',
  summary: 'Make a task wait for another one',
  input,
  run: ({ store }, { id, dependsOn }) => store.tasks.addDependency(id, dependsOn),
});

export const taskDependencyRemove = storeOperation({
  name: 'task.dep.remove',
  summary: 'Stop a task from waiting for another one',
  input,
  run: ({ store }, { id, dependsOn }) => store.tasks.removeDependency(id, dependsOn),
});
