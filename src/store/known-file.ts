import { taskLine } from '../domain/task-line.ts';
import type { Database } from './database.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { TaskFile, Tombstone } from './parse-task-file.ts';
import { tombstonesIn } from './take-in.ts';
import type { TaskRows } from './task-rows.ts';

/** More lines than this are made from all tasks at once: quicker than one by one. */
const DIRTY_FEW = 500;

/** What the store knows of the file since it last read or wrote it. */
export interface FileState {
  hash: string;
  /** What the file system says of a file with this content, when that tells it from every other; '' when it does not. */
  stamp: string;
  /** Bytes of lines that were put into it since it was written whole. */
  loose: number;
  /** Lines that could not be read: they stay in the file, after the tasks, until a person mends them. */
  carried: string[];
  problems: string[];
}

export interface DirtyLine {
  id: string;
  /** As it was last read or written; null: not there. */
  known: string | null;
  /** As it should be; null: not there. */
  line: string | null;
}

/** What the database knows of `tasks.jsonl`: its lines as they were last read or written, and which of them may be old by now. */
export class KnownFile {
  readonly #database: Database;
  readonly #rows: TaskRows;

  constructor(database: Database, rows: TaskRows) {
    this.#database = database;
    this.#rows = rows;
  }

  /** Says yes too for what was changed and changed back; writing finds that out. */
  isDirty(): boolean {
    return this.#database.sqlite.prepare('SELECT 1 FROM dirty_tasks LIMIT 1').get() !== undefined;
  }

  /** The lines that the file does not have as they should be. */
  dirtyLines(): DirtyLine[] {
    const { sqlite } = this.#database;
    const dirty = sqlite
      .prepare('SELECT d.id, f.line FROM dirty_tasks d LEFT JOIN file_tasks f ON f.id = d.id ORDER BY d.id')
      .raw()
      .all() as [id: string, line: string | null][];
    const isMany = dirty.length > DIRTY_FEW;
    const all = isMany ? new Map(this.#rows.all().map((task) => [task.id, task])) : null;
    const buried = new Map(tombstonesIn(this.#database).map((tombstone) => [tombstone.id, tombstone]));
    return dirty.flatMap(([id, known]) => {
      const task = all === null ? this.#rows.get(id) : all.get(id);
      const tombstone = buried.get(id);
      const line = task ? taskLine(task) : tombstone ? tombstoneLine(tombstone) : null;
      return line === known ? [] : [{ id, known, line }];
    });
  }

  /** These lines are what the file says from now on. */
  settle(changed: readonly DirtyLine[]): void {
    const { sqlite } = this.#database;
    const remember = sqlite.prepare(putLine);
    const forget = sqlite.prepare('DELETE FROM file_tasks WHERE id = ?');
    for (const { id, line } of changed) {
      if (line === null) forget.run(id);
      else remember.run(id, line);
    }
    sqlite.prepare('DELETE FROM dirty_tasks').run();
  }

  linesInOrder(): string[] {
    return this.#database.sqlite.prepare('SELECT line FROM file_tasks ORDER BY id').pluck().all() as string[];
  }

  lines(): Map<string, string> {
    const sql = 'SELECT id, line FROM file_tasks';
    return new Map(this.#database.sqlite.prepare(sql).raw().all() as [string, string][]);
  }

  /** The file's content, as the ancestor of the next merge. */
  remember(parsed: TaskFile): void {
    const lines = new Map<string, string>();
    for (const task of parsed.tasks) {
      // An id that is there twice is rewritten as one line: a line that no task has makes the file count as different.
      lines.set(task.id, lines.has(task.id) ? 'null' : taskLine(task));
    }
    for (const tombstone of parsed.tombstones) {
      lines.set(tombstone.id, lines.has(tombstone.id) ? 'null' : tombstoneLine(tombstone));
    }
    this.#rememberLines([...lines]);
  }

  #rememberLines(lines: [id: string, line: string][]): void {
    const { sqlite } = this.#database;
    const known = this.lines();
    const put = sqlite.prepare(putLine);
    for (const [id, line] of lines) {
      if (known.get(id) !== line) put.run(id, line);
      known.delete(id);
    }
    const remove = sqlite.prepare('DELETE FROM file_tasks WHERE id = ?');
    for (const id of known.keys()) remove.run(id);
  }

  state(): FileState {
    const text = this.note('file');
    return {
      hash: '',
      stamp: '',
      loose: 0,
      carried: [],
      problems: [],
      ...(JSON.parse(text ?? '{}') as Partial<FileState>),
    };
  }

  setState(state: FileState): void {
    this.setNote('file', JSON.stringify(state));
  }

  note(key: string): string | null {
    return readMeta(this.#database.sqlite, key);
  }

  setNote(key: string, value: string): void {
    writeMeta(this.#database.sqlite, key, value);
  }
}

const putLine = 'INSERT INTO file_tasks (id, line) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET line = excluded.line';

function tombstoneLine({ id, deletedAt }: Tombstone): string {
  return JSON.stringify({ id, deletedAt });
}
