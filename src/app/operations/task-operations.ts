import { taskAdd } from './task/add.ts';
import { taskClaim, taskRelease } from './task/claim.ts';
import { taskClose } from './task/close.ts';
import { taskComment } from './task/comment.ts';
import { taskDependencyAdd, taskDependencyRemove } from './task/depend.ts';
import { taskEdit, taskEditMany } from './task/edit.ts';
import { taskExport, taskImport } from './task/exchange.ts';
import { taskFilterList, taskFilterRemove } from './task/filter.ts';
import { taskList } from './task/list.ts';
import { taskPriority } from './task/priority.ts';
import { taskReady } from './task/ready.ts';
import { taskReopen } from './task/reopen.ts';
import { taskSearch } from './task/search.ts';
import { taskShow } from './task/show.ts';

/** What can be asked of tasks, all of it without what the other operations need. */
export const taskOperations = [
  taskAdd,
  taskEdit,
  taskEditMany,
  taskPriority,
  taskList,
  taskShow,
  taskReady,
  taskSearch,
  taskClaim,
  taskRelease,
  taskComment,
  taskImport,
  taskExport,
  taskFilterList,
  taskFilterRemove,
  taskClose,
  taskReopen,
  taskDependencyAdd,
  taskDependencyRemove,
] as const;

type TaskOperation = (typeof taskOperations)[number];

export function findTaskOperation(name: TaskOperation['name']): TaskOperation {
  return taskOperations.find((operation) => operation.name === name) as TaskOperation;
}
