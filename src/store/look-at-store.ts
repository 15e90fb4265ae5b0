import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import type { RunRepository } from '../ports/store.ts';
import { Database } from './database.ts';
import { Runs } from './runs.ts';
import { TaskRows } from './task-rows.ts';

/** What can be read of a store without changing anything of it. */
export interface StoreLook extends Disposable {
  runs: Pick<RunRepository, 'list' | 'live' | 'unsettled' | 'snapshot' | 'events'>;
  /** Ids of the tasks. */
  tasks(): string[];
}

/** Null: there is none yet. Throws `store.broken`, `store.newer` or `store.older`. */
export function lookAtStore(directory: string, prefix: string): StoreLook | null {
  const file = join(directory, 'forge.db');
  if (!existsSync(file)) return null;
  const database = new Database(file, 'look');
  const tasks = new TaskRows(database);
  return {
    runs: new Runs({ database, tasks, prefix, clock: () => 0 }),
    tasks: () => database.read(() => tasks.ids()),
    dispose: () => database.close(),
  };
}
