import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openStore } from '../src/store/open-store.ts';
import { timeToExit } from './command-time.ts';
import { type Figure, inTurn } from './figure.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';

const tasksBefore = 1_000;
const repetitions = 200;
const commandRepetitions = 21;

/** What a new task costs: in the store, with and without its mirror in `tasks.jsonl`, and as a command. */
export async function measure(): Promise<Figure[]> {
  return [await inStore(false), await inStore(true), await asCommand()];
}

async function inStore(jsonl: boolean): Promise<Figure> {
  const root = mkdtempSync(join(tmpdir(), 'forge-bench-'));
  const open = (mirrored: boolean) =>
    openStore({ directory: join(root, '.forge'), prefix: 'fg', clock: Date.now, jsonl: mirrored });
  const bare = bareTable(join(root, 'bare.db'));
  try {
    const filling = open(false);
    for (let n = 0; n < tasksBefore; n++) {
      filling.tasks.add({ title: `Task ${n}` });
      bare.insert(`Task ${n}`);
    }
    filling.dispose();
    const store = open(jsonl);
    const title = 'One more thing to be done';
    const samples = await inTurn(
      repetitions,
      () => timed(() => store.tasks.add({ title })),
      () => timed(() => bare.insert(title)),
    );
    store.dispose();
    return {
      name: `task in the store, ${jsonl ? 'with' : 'without'} tasks.jsonl, ${tasksBefore} there`,
      peer: 'one INSERT in a transaction, same pragmas, same disk',
      ...samples,
    };
  } finally {
    bare.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function asCommand(): Promise<Figure> {
  const world = await ThrowAwayWorld.make();
  try {
    let n = 0;
    const samples = await inTurn(
      commandRepetitions,
      () => timeToExit([...forge, 'task', 'add', `Task ${n++}`], world),
      () => timeToExit([process.execPath, '-e', '0'], world),
    );
    return { name: 'forge task add', peer: 'node -e 0', ...samples };
  } finally {
    await world.dispose();
  }
}

/** The least that keeps a task: the same pragmas as `src/store/database.ts`, one row, nothing checked. */
function bareTable(file: string) {
  const sqlite = new Sqlite(file);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.exec('CREATE TABLE tasks (id TEXT PRIMARY KEY, title TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT');
  const statement = sqlite.prepare('INSERT INTO tasks VALUES (?, ?, ?)');
  let n = 0;
  return {
    insert: (title: string) => sqlite.transaction(() => statement.run(`fg-${n++}`, title, Date.now())).immediate(),
    close: () => sqlite.close(),
  };
}

function timed(act: () => unknown): number {
  const startedAt = performance.now();
  act();
  return performance.now() - startedAt;
}
