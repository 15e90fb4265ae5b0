import type { Clock } from '../ports/clock.ts';
import type { Database } from './database.ts';
import type { OutsideTasks } from './outside-tasks.ts';
import type { TaskRows } from './task-rows.ts';
import type { TaskSteps } from './task-steps.ts';

/** The tasks that there are: of this project, and what those of others are to them. */
export interface TaskGraph {
  database: Database;
  rows: TaskRows;
  outside: OutsideTasks;
  /** Of ids of this project. */
  prefix: string;
}

export interface TaskStoreInput extends TaskGraph {
  steps: TaskSteps;
  clock: Clock;
  /** Who changes tasks here, for their history. */
  actor: string;
  /** Called after each change is committed. */
  changed: () => void;
}
