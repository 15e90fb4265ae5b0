import { existsSync, renameSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { Database } from './database.ts';
import { indexWordsSql } from './task-words.ts';

/** Others refer to their rows. */
const first = ['tasks', 'runs'];
/** What is known of `tasks.jsonl`: that is taken in as if it were new, and no task that could not be read counts as deleted there. */
const leftOut = ['meta', 'file_tasks'];
/** Made from the tasks that are copied; an index of words has tables of its own. */
const derived = /^(task_numbers|dirty_tasks|task_words.*)$/;

export interface Rebuilt {
  /** Where the broken file is now, with its side files beside it. */
  kept: string;
  /** Rows that could be read, by table; without those that had none. */
  rows: Record<string, number>;
}

type Row = Record<string, unknown>;

/** Puts the broken database aside under another name, and makes a new one with what can be read of it. Nobody may have it open. */
export function rebuildStore(file: string, now: number): Rebuilt {
  const kept = `${file}.broken-${now}`;
  for (const side of ['', '-wal', '-shm'])
    if (existsSync(`${file}${side}`)) renameSync(`${file}${side}`, `${kept}${side}`);
  const database = new Database(file);
  const old = openOrNull(kept);
  const rows: Record<string, number> = {};
  try {
    for (const table of old === null ? [] : tablesOf(database)) {
      const count = database.write(() => copyTable(old as Sqlite.Database, database, table));
      if (count > 0) rows[table] = count;
    }
    database.write(() => {
      for (const sql of indexWordsSql) database.sqlite.prepare(sql).run();
    });
  } finally {
    old?.close();
    database.close();
  }
  return { kept, rows };
}

function tablesOf({ sqlite }: Database): string[] {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
  const names = sqlite.prepare(sql).pluck().all() as string[];
  return [...first, ...names.filter((name) => ![...first, ...leftOut].includes(name) && !derived.test(name))];
}

function openOrNull(file: string): Sqlite.Database | null {
  try {
    return new Sqlite(file, { fileMustExist: true });
  } catch {
    return null;
  }
}

function copyTable(old: Sqlite.Database, { sqlite }: Database, table: string): number {
  const known = new Set((sqlite.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name));
  let count = 0;
  for (const row of readableRows(old, table)) {
    const columns = Object.keys(row).filter((column) => known.has(column));
    const marks = columns.map(() => '?').join(', ');
    try {
      const insert = sqlite.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
      count += insert.run(...columns.map((column) => row[column])).changes;
    } catch {
      // It refers to what could not be read, or holds what the column may not.
    }
  }
  return count;
}

/** From the front as far as it goes, then from the back: what is damaged lies between. */
function readableRows(old: Sqlite.Database, table: string): Row[] {
  const order = keyOf(old, table);
  const front = rowsUntilDamage(old, `SELECT * FROM ${table}`);
  if (front.isWhole || order === '') return front.rows;
  return [...front.rows, ...rowsUntilDamage(old, `SELECT * FROM ${table} ORDER BY ${order}`).rows.reverse()];
}

function rowsUntilDamage(old: Sqlite.Database, sql: string): { rows: Row[]; isWhole: boolean } {
  const rows: Row[] = [];
  try {
    for (const row of old.prepare(sql).iterate()) rows.push(row as Row);
    return { rows, isWhole: true };
  } catch {
    return { rows, isWhole: false };
  }
}

function keyOf(old: Sqlite.Database, table: string): string {
  try {
    const columns = old.pragma(`table_info(${table})`) as { name: string; pk: number }[];
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    return key.map(({ name }) => `${name} DESC`).join(', ');
  } catch {
    return '';
  }
}
