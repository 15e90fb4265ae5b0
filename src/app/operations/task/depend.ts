import { z } from 'zod';
import { taskOperation } from '../../define-operation.ts';

const input = z.object({ id: z.string(), dependsOn: z.string() });

export const taskDependencyAdd = taskOperation({
  name: 'task.dep.add',
  summary: 'Make a task wait for another one',
  input,
  run: ({ store: { tasks } }, { id, dependsOn }) => tasks.step(() => tasks.addDependency(id, dependsOn)),
});

export const taskDependencyRemove = taskOperation({
  name: 'task.dep.remove',
  summary: 'Stop a task from waiting for another one',
  input,
  run: ({ store: { tasks } }, { id, dependsOn }) => tasks.step(() => tasks.removeDependency(id, dependsOn)),
});
