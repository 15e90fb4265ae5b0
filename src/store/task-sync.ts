import { createHash } from 'node:crypto';
import type { Task } from '../domain/task.ts';
import { taskLine } from '../domain/task-line.ts';
import { circlesOf } from './circles-of.ts';
import type { Database } from './database.ts';
import { mergeTask } from './merge-tasks.ts';
import { type BadLine, parseTaskFile, type TaskFile, type Tombstone } from './parse-task-file.ts';
import { FileProblem, type TaskFileOnDisk } from './task-file.ts';
import type { TaskRows } from './task-rows.ts';

/** More lines than this are made from all tasks at once: quicker than one by one. */
const DIRTY_FEW = 500;
/** So many lines are put into a large file where it is; for more it is written whole: finding what they replace takes longer. */
const PATCHED_MAX = 20;
/** And so many bytes of its lines may be out of order, or blank, until it is written whole again. */
const LOOSE_BYTES_MAX = 1_000_000;
/** The hash of a file that was not read after lines were put into it. */
const UNREAD = 'unread';

/** What the store knows of the file since it last read or wrote it. */
interface FileState {
  hash: string;
  /** What the file system says of a file with this content, when that tells it from every other; '' when it does not. */
  stamp: string;
  /** Bytes of lines that were put into it since it was written whole. */
  loose: number;
  /** Lines that could not be read: they stay in the file, after the tasks, until a person mends them. */
  carried: string[];
  problems: string[];
}

interface DirtyLine {
  id: string;
  /** As it was last read or written; null: not there. */
  known: string | null;
  /** As it should be; null: not there. */
  line: string | null;
}

/**
 * Keeps SQLite and `tasks.jsonl` the same. The file is never written before its present content was taken in, and never
 * while git's conflict markers are in it. A pure reader does not touch the file: it is written only when the tasks
 * differ from what it says. All of it happens under the write lock of the database, so one process at a time.
 */
export class TaskSync {
  #database: Database;
  #rows: TaskRows;
  #file: TaskFileOnDisk;
  #written: string[] | null = [];

  constructor(database: Database, rows: TaskRows, file: TaskFileOnDisk) {
    this.#database = database;
    this.#rows = rows;
    this.#file = file;
  }

  /**
   * Takes in the file, then writes it if the store knows more, or `inOrder` if its lines are not. What needs a person is in
   * `problems`.
   */
  sync(inOrder = false): { problems: string[] } {
    try {
      const problems = this.#database.read(() => (this.#isSettled(inOrder) ? this.#state().problems : null));
      return { problems: problems ?? this.#database.write(() => this.#synchronize(inOrder)) };
    } catch (failure) {
      if (!(failure instanceof FileProblem) && (failure as NodeJS.ErrnoException).syscall === undefined) throw failure;
      return { problems: [`${this.#file.path} cannot be read: ${(failure as Error).message}`] };
    }
  }

  /** Lines that were put into the file since this was asked last; null: it was written whole. */
  written(): string[] | null {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** Nothing to take in and nothing to write: found out without the write lock. */
  #isSettled(inOrder: boolean): boolean {
    const state = this.#state();
    if (this.#isDirty() || (inOrder && state.loose > 0)) return false;
    const stamp = this.#file.stamp();
    if (stamp !== '' && stamp === state.stamp) return true;
    // A large file is read once more under the lock, and from then on known by its stamp.
    return stamp === '' && this.#file.read().hash === state.hash;
  }

  #synchronize(inOrder: boolean): string[] {
    const state = this.#state();
    const stamp = this.#file.stamp();
    const isKnown = stamp !== '' && stamp === state.stamp;
    state.stamp = stamp;
    if (!isKnown && !this.#read(state)) return state.problems;
    const { sqlite } = this.#database;
    try {
      // What is not written to the file is not remembered either.
      sqlite.transaction(() => this.#write(state, isKnown, inOrder))();
    } catch (failure) {
      const problem = `${this.#file.path} could not be written: ${(failure as Error).message}`;
      return [...state.problems, problem];
    }
    return state.problems;
  }

  /** Takes in what the file says. False: it is in the middle of a merge, and not to be written. */
  #read(state: FileState): boolean {
    const { text, hash } = this.#file.read();
    if (hash !== state.hash) {
      const parsed = this.#withoutTorn(parseTaskFile(text), text);
      this.#takeIn(parsed);
      state.problems = [...problemsOf(this.#file.path, parsed), ...this.#circles()];
      this.#quarantine(parsed.bad);
      if (parsed.isConflicted) return false;
      state.hash = hash;
      state.carried = parsed.bad.map((bad) => bad.text);
      this.#remember(parsed);
    }
    this.#setState(state);
    return true;
  }

  /** Without a last line that is the beginning of one that is to be written: whoever was putting it there was killed. */
  #withoutTorn(parsed: TaskFile, text: string): TaskFile {
    const last = parsed.bad.at(-1);
    if (last === undefined || !text.endsWith(last.text)) return parsed;
    const isOurs = this.#dirtyLines().some(({ line }) => line?.startsWith(last.text));
    return isOurs ? { ...parsed, bad: parsed.bad.slice(0, -1) } : parsed;
  }

  /** Writes the file if a line of it is not what the store knows. `isKnown`: it has the stamp of the state. */
  #write(state: FileState, isKnown: boolean, inOrder: boolean): void {
    const { sqlite } = this.#database;
    const remember = sqlite.prepare(
      'INSERT INTO file_tasks (id, line) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET line = excluded.line',
    );
    const forget = sqlite.prepare('DELETE FROM file_tasks WHERE id = ?');
    const changed = this.#dirtyLines();
    for (const { id, line } of changed) {
      if (line === null) forget.run(id);
      else remember.run(id, line);
    }
    sqlite.prepare('DELETE FROM dirty_tasks').run();
    const isOutOfOrder = inOrder && state.loose > 0;
    if (changed.length === 0 && !isOutOfOrder) return;
    if (!isKnown || isOutOfOrder || !this.#patch(state, changed)) this.#writeWhole(state);
    this.#setState(state);
  }

  #writeWhole(state: FileState): void {
    const sql = 'SELECT line FROM file_tasks ORDER BY id';
    const lines = this.#database.sqlite.prepare(sql).pluck().all() as string[];
    state.hash = this.#file.write([...lines, ...state.carried].map((line) => `${line}\n`).join(''));
    state.stamp = this.#file.stamp();
    state.loose = 0;
    this.#written = null;
  }

  /** Puts a few lines into a large file. False: it is to be written whole. */
  #patch(state: FileState, changed: readonly DirtyLine[]): boolean {
    if (changed.length > PATCHED_MAX) return false;
    const gone = changed.flatMap(({ known }) => known ?? []);
    const added = changed.flatMap(({ line }) => line ?? []);
    const loose = [...gone, ...added].reduce((sum, line) => sum + line.length, state.loose);
    if (loose > LOOSE_BYTES_MAX) return false;
    const stamp = this.#file.patch(state.stamp, gone, added);
    if (stamp === null) return false;
    Object.assign(state, { hash: UNREAD, stamp, loose });
    this.#written?.push(...added);
    return true;
  }

  /** The lines that the file does not have as they should be. */
  #dirtyLines(): DirtyLine[] {
    const { sqlite } = this.#database;
    const dirty = sqlite
      .prepare('SELECT d.id, f.line FROM dirty_tasks d LEFT JOIN file_tasks f ON f.id = d.id ORDER BY d.id')
      .raw()
      .all() as [id: string, line: string | null][];
    const isMany = dirty.length > DIRTY_FEW;
    const all = isMany ? new Map(this.#rows.all().map((task) => [task.id, task])) : null;
    const buried = new Map(this.#tombstones().map((tombstone) => [tombstone.id, tombstone]));
    return dirty.flatMap(([id, known]) => {
      const task = all === null ? this.#rows.get(id) : all.get(id);
      const tombstone = buried.get(id);
      const line = task ? taskLine(task) : tombstone ? tombstoneLine(tombstone) : null;
      return line === known ? [] : [{ id, known, line }];
    });
  }

  /** Merges the file's tasks into the rows, by id, against what the file said before. */
  #takeIn(parsed: TaskFile): void {
    const before = new Map(this.#fileLines());
    const ours = new Map(this.#rows.all().map((task) => [task.id, task]));
    const buried = new Map(this.#tombstones().map((tombstone) => [tombstone.id, tombstone.deletedAt]));
    for (const [id, versions] of byId(parsed.tasks)) {
      const own = ours.get(id) ?? null;
      // Two versions between conflict markers: the person chooses, not Forge.
      if (parsed.isConflicted && own !== null && new Set(versions.map(taskLine)).size > 1) continue;
      const [only] = versions;
      if (own !== null && versions.length === 1 && taskLine(own) === taskLine(only as Task)) continue;
      const ancestor = taskOrNull(JSON.parse(before.get(id) ?? 'null') as Task | Tombstone | null);
      // Of several lines one is what the file said before: what the others began with is not known, and the newer words count.
      const isOneOld =
        versions.length > 1 && versions.some((line) => ancestor && taskLine(line) === taskLine(ancestor));
      const theirs = versions.reduce((a, b) => mergeTask(isOneOld ? null : ancestor, a, b));
      const deletedAt = buried.get(id);
      if (own === null && deletedAt !== undefined && theirs.updatedAt <= deletedAt) continue;
      if (deletedAt !== undefined) this.#unbury(id);
      const merged = own === null ? theirs : mergeTask(ancestor, own, theirs);
      if (own === null || taskLine(merged) !== taskLine(own)) this.#rows.put(merged, own === null);
      ours.set(id, merged);
    }
    for (const { id, deletedAt } of parsed.tombstones) {
      const own = ours.get(id);
      if (own !== undefined && (own.updatedAt > deletedAt || this.#isRunning(id))) continue;
      if (own !== undefined) this.#rows.delete(id);
      this.#bury(id, deletedAt);
    }
  }

  /** The file's content, as the ancestor of the next merge. */
  #remember(parsed: TaskFile): void {
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
    const known = new Map(this.#fileLines());
    const put = sqlite.prepare(
      'INSERT INTO file_tasks (id, line) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET line = excluded.line',
    );
    for (const [id, line] of lines) {
      if (known.get(id) !== line) put.run(id, line);
      known.delete(id);
    }
    const remove = sqlite.prepare('DELETE FROM file_tasks WHERE id = ?');
    for (const id of known.keys()) remove.run(id);
  }

  /** Says yes too for what was changed and changed back; writing finds that out. */
  #isDirty(): boolean {
    return this.#database.sqlite.prepare('SELECT 1 FROM dirty_tasks LIMIT 1').get() !== undefined;
  }

  #fileLines(): [id: string, line: string][] {
    return this.#database.sqlite.prepare('SELECT id, line FROM file_tasks').raw().all() as [string, string][];
  }

  #tombstones(): Tombstone[] {
    return this.#database.sqlite.prepare('SELECT id, deleted_at AS deletedAt FROM tombstones').all() as Tombstone[];
  }

  #bury(id: string, deletedAt: number): void {
    this.#database.sqlite
      .prepare(
        `INSERT INTO tombstones (id, deleted_at) VALUES (?, ?)
         ON CONFLICT (id) DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)`,
      )
      .run(id, deletedAt);
  }

  #unbury(id: string): void {
    this.#database.sqlite.prepare('DELETE FROM tombstones WHERE id = ?').run(id);
  }

  #isRunning(task: string): boolean {
    return this.#database.sqlite.prepare('SELECT 1 FROM runs WHERE task = ? AND is_live = 1').get(task) !== undefined;
  }

  /** Circles that a merge of two branches closed: nobody's single change did, so they are shown, not undone. */
  #circles(): string[] {
    return circlesOf(this.#rows.edges()).map(
      (circle) => `${this.#file.path}: these wait for each other: ${circle.join(' → ')}`,
    );
  }

  /** Copies bad lines aside, each once, however often it is seen. */
  #quarantine(bad: BadLine[]): void {
    const seen = new Set(JSON.parse(this.#meta('quarantined') ?? '[]') as string[]);
    const fresh = bad.filter(({ text }) => !seen.has(digest(text)));
    if (fresh.length === 0) return;
    try {
      this.#file.quarantine(fresh.map(({ line, problem, text }) => `line ${line}: ${problem}\n${text}\n`).join(''));
    } catch {
      // The lines are still where they were, in the file itself, and are reported.
      return;
    }
    this.#setMeta('quarantined', JSON.stringify([...seen, ...fresh.map(({ text }) => digest(text))].slice(-1000)));
  }

  #state(): FileState {
    const text = this.#meta('file');
    return {
      hash: '',
      stamp: '',
      loose: 0,
      carried: [],
      problems: [],
      ...(JSON.parse(text ?? '{}') as Partial<FileState>),
    };
  }

  #setState(state: FileState): void {
    this.#setMeta('file', JSON.stringify(state));
  }

  #meta(key: string): string | null {
    return (this.#database.sqlite.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string) ?? null;
  }

  #setMeta(key: string, value: string): void {
    this.#database.sqlite
      .prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value);
  }
}

function byId(tasks: Task[]): Map<string, Task[]> {
  const map = new Map<string, Task[]>();
  for (const task of tasks) map.set(task.id, [...(map.get(task.id) ?? []), task]);
  return map;
}

function taskOrNull(value: Task | Tombstone | null | undefined): Task | null {
  return value != null && 'title' in value ? value : null;
}

function tombstoneLine({ id, deletedAt }: Tombstone): string {
  return JSON.stringify({ id, deletedAt });
}

function problemsOf(path: string, { bad, isConflicted }: TaskFile): string[] {
  const problems = bad.map(({ line, problem }) => `${path}:${line}: ${problem}`);
  return isConflicted ? [...problems, `${path}: resolve the merge conflict; until then it is not written`] : problems;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
