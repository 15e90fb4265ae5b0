import Sqlite from 'better-sqlite3';
import type { Disposable } from '../base/disposable.ts';
import { placeOf } from './places.ts';

/** Ids that an incomplete one can mean: enough for the message. */
const MEANT_MAX = 6;

export interface LookedTask {
  id: string;
  title: string;
  isClosed: boolean;
  dependsOn: string[];
}

/** Looks at single tasks in the database of another project, as they are now. Nothing of it is made, migrated or changed. */
export class TaskLook implements Disposable {
  readonly #file: string;
  #open: { sqlite: Sqlite.Database; place: string } | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Null: there is no such task. Throws what keeps the database from being read. */
  find(id: string): LookedTask | null {
    const sqlite = this.#sqlite();
    const sql = 'SELECT id, title, status FROM tasks WHERE id = ?';
    const row = sqlite.prepare(sql).get(id) as { id: string; title: string; status: string } | undefined;
    if (row === undefined) return null;
    const edges = sqlite.prepare('SELECT depends_on FROM task_dependencies WHERE task = ? ORDER BY position');
    const { title, status } = row;
    return { id, title, isClosed: status === 'closed', dependsOn: edges.pluck().all(id) as string[] };
  }

  /** The ids that begin so; of several some. */
  meant(typed: string): string[] {
    const sql = 'SELECT id FROM tasks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?';
    const found = this.#sqlite().prepare(sql).pluck().all(typed, `${typed}\u{10ffff}`, MEANT_MAX) as string[];
    return found.includes(typed) ? [typed] : found;
  }

  /** Another text whenever anything was stored there, or another file is in its place. */
  state(): string {
    const version = this.#open?.sqlite.pragma('data_version', { simple: true });
    return `${placeOf(this.#file)} ${version}`;
  }

  #sqlite(): Sqlite.Database {
    const place = placeOf(this.#file);
    if (this.#open?.place === place) return this.#open.sqlite;
    this.dispose();
    const sqlite = new Sqlite(this.#file, { readonly: true, fileMustExist: true });
    this.#open = { sqlite, place };
    return sqlite;
  }

  dispose(): void {
    this.#open?.sqlite.close();
    this.#open = null;
  }
}
