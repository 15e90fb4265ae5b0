import type Sqlite from 'better-sqlite3';

/** What a store notes under a key; null: nothing. */
export function readMeta(sqlite: Sqlite.Database, key: string): string | null {
  return (sqlite.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string | undefined) ?? null;
}

export function writeMeta(sqlite: Sqlite.Database, key: string, value: string): void {
  const sql = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
  sqlite.prepare(sql).run(key, value);
}
