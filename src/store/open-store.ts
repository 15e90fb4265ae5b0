import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { type Neighbours, noNeighbours } from '../ports/neighbours.ts';
import type { Store } from '../ports/store.ts';
import { Budgets } from './budgets.ts';
import { Checkpoints } from './checkpoints.ts';
import { Database } from './database.ts';
import { Messages } from './messages.ts';
import { readMeta, writeMeta } from './meta.ts';
import { OutsideTasks } from './outside-tasks.ts';
import { OwnBatches } from './own-batches.ts';
import { Reviews } from './reviews.ts';
import { Runs } from './runs.ts';
import { TaskFileOnDisk } from './task-file.ts';
import { TaskFilters } from './task-filters.ts';
import { TaskImports } from './task-imports.ts';
import { TaskRows } from './task-rows.ts';
import { TaskSteps } from './task-steps.ts';
import { TaskSync } from './task-sync.ts';
import { Tasks } from './tasks.ts';
import { Usage } from './usage.ts';
import { Words } from './words.ts';

export interface StoreInput {
  /** The project's `.forge` folder; made when it is not there. */
  directory: string;
  /** Prefix of new ids. */
  prefix: string;
  clock: Clock;
  /** Who changes tasks, for their history. */
  actor?: string;
  /** What is done here can be taken back by that person. */
  isPerson?: boolean;
  /** Tasks of other projects, which those of this one may wait for; left out: there are none. */
  neighbours?: Neighbours;
  /** Whether `tasks.jsonl` in that folder mirrors the tasks; asked each time when it is a function. */
  jsonl: boolean | (() => boolean);
}

/**
 * Opens the project's store, making or migrating `forge.db`, and takes in `tasks.jsonl`: a lost database comes back from
 * it. A database of a newer Forge is only read. Throws `store.broken` for one that cannot be used, and leaves it as it is.
 */
export function openStore(input: StoreInput): Store {
  const { directory, prefix, clock, jsonl, actor = 'forge', isPerson = true, neighbours = noNeighbours } = input;
  mkdirSync(directory, { recursive: true });
  const outside = new OutsideTasks(neighbours);
  const database = new Database(join(directory, 'forge.db'), 'use', (id) => outside.blocks(id));
  const rows = new TaskRows(database, outside);
  const mirror = new TaskSync(database, rows, new TaskFileOnDisk(join(directory, 'tasks.jsonl')), clock);
  const isMirrored = () => !database.isReadOnly && (typeof jsonl === 'boolean' ? jsonl : jsonl());
  const sync = (inOrder = false) => {
    const problems = isMirrored() ? mirror.sync(inOrder).problems : [];
    return { problems: [...database.notices, ...problems] };
  };
  // The change is committed by then: what keeps it from the file is told by the next sync, not by the change.
  const mirrorChange = () => {
    try {
      sync();
    } catch (failure) {
      if (!(failure instanceof ForgeError)) throw failure;
    }
  };
  try {
    sync();
  } catch (failure) {
    database.close();
    throw failure;
  }
  const steps = new TaskSteps(database, isPerson ? actor : null, clock);
  const runs = new Runs({ database, tasks: rows, prefix, clock });
  return {
    tasks: new Tasks({ database, rows, outside, steps, prefix, clock, actor, changed: mirrorChange }),
    steps,
    imports: new TaskImports({ database, rows, outside, prefix, clock, actor, changed: mirrorChange }),
    filters: new TaskFilters(database),
    runs,
    usage: new Usage(database),
    ownBatches: new OwnBatches(database),
    budgets: new Budgets({ database, runs, clock }),
    checkpoints: new Checkpoints(database, clock),
    words: new Words(database),
    messages: new Messages(database),
    reviews: new Reviews(database, clock),
    isReadOnly: database.isReadOnly,
    revision: () => database.revision(),
    elsewhere: () => neighbours.state(),
    sync,
    written: () => mirror.written(),
    export: () => database.read(() => rows.all()),
    bytes: () => database.bytes(),
    note: (key) => database.read(() => readMeta(database.sqlite, `note.${key}`)),
    setNote: (key, value) => database.write(() => writeMeta(database.sqlite, `note.${key}`, value)),
    dispose: () => database.close(),
  };
}
