import { createHash } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import { circlesOf } from './circles-of.ts';
import type { Database } from './database.ts';
import { type DirtyLine, type FileState, KnownFile } from './known-file.ts';
import { type BadLine, parseTaskFile, type TaskFile } from './parse-task-file.ts';
import { takeIn } from './take-in.ts';
import { FileProblem, type TaskFileOnDisk } from './task-file.ts';
import type { TaskRows } from './task-rows.ts';

/** So many lines are put into a large file where it is; for more it is written whole: finding what they replace takes longer. */
const PATCHED_MAX = 20;
/** And so many bytes of its lines may be out of order, or blank, until it is written whole again. */
const LOOSE_BYTES_MAX = 1_000_000;
/** How often it is tried again when somebody changes the file at the same time. */
const ATTEMPTS_MAX = 5;
/** The hash of a file that was not read after lines were put into it. */
const UNREAD = 'unread';

/** Thrown to undo what would be remembered of a file that was not written. */
class Changed extends Error {}

/**
 * Keeps SQLite and `tasks.jsonl` the same. The file is never written before its present content was taken in, and never
 * while git's conflict markers are in it. A pure reader does not touch the file: it is written only when the tasks
 * differ from what it says. All of it happens under the write lock of the database, so one process at a time.
 */
export class TaskSync {
  #database: Database;
  #rows: TaskRows;
  #file: TaskFileOnDisk;
  #clock: Clock;
  #known: KnownFile;
  #written: string[] | null = [];

  constructor(database: Database, rows: TaskRows, file: TaskFileOnDisk, clock: Clock) {
    this.#database = database;
    this.#rows = rows;
    this.#file = file;
    this.#clock = clock;
    this.#known = new KnownFile(database, rows);
  }

  /**
   * Takes in the file, then writes it if the store knows more, or `inOrder` if its lines are not. What needs a person is in
   * `problems`.
   */
  sync(inOrder = false): { problems: string[] } {
    try {
      const problems = this.#database.read(() => (this.#isSettled(inOrder) ? this.#known.state().problems : null));
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
    const state = this.#known.state();
    if (this.#known.isDirty() || (inOrder && state.loose > 0)) return false;
    const stamp = this.#file.stamp();
    if (stamp !== '' && stamp === state.stamp) return true;
    // A large file is read once more under the lock, and from then on known by its stamp.
    return stamp === '' && this.#file.read().hash === state.hash;
  }

  #synchronize(inOrder: boolean): string[] {
    for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
      const problems = this.#attempt(inOrder);
      if (problems !== null) return problems;
    }
    // Somebody writes it all the time: what is not in it stays noted, and the next one tries again.
    return this.#attempt(inOrder) ?? this.#known.state().problems;
  }

  /** Null: somebody changed the file in between. */
  #attempt(inOrder: boolean): string[] | null {
    const before = this.#file.glance();
    const state = this.#known.state();
    const stamp = this.#file.stamp();
    const isKnown = stamp !== '' && stamp === state.stamp;
    state.stamp = stamp;
    if (!isKnown && !this.#read(state)) return state.problems;
    const { sqlite } = this.#database;
    try {
      // What is not written to the file is not remembered either.
      sqlite.transaction(() => this.#write(state, isKnown, inOrder, before))();
    } catch (failure) {
      if (failure instanceof Changed) return null;
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
      takeIn(this.#database, this.#rows, this.#known.lines(), parsed, this.#clock());
      state.problems = [...problemsOf(this.#file.path, parsed), ...this.#circles()];
      this.#quarantine(parsed.bad);
      if (parsed.isConflicted) return false;
      state.hash = hash;
      state.carried = parsed.bad.map((bad) => bad.text);
      this.#known.remember(parsed);
    }
    this.#known.setState(state);
    return true;
  }

  /** Without a last line that is the beginning of one that is to be written: whoever was putting it there was killed. */
  #withoutTorn(parsed: TaskFile, text: string): TaskFile {
    const last = parsed.bad.at(-1);
    if (last === undefined || !text.endsWith(last.text)) return parsed;
    const isOurs = this.#known.dirtyLines().some(({ line }) => line?.startsWith(last.text));
    return isOurs ? { ...parsed, bad: parsed.bad.slice(0, -1) } : parsed;
  }

  /** Writes the file if a line of it is not what the store knows. `isKnown`: it has the stamp of the state. */
  #write(state: FileState, isKnown: boolean, inOrder: boolean, before: string): void {
    const changed = this.#known.dirtyLines();
    this.#known.settle(changed);
    const isOutOfOrder = inOrder && state.loose > 0;
    if (changed.length === 0 && !isOutOfOrder) return;
    if (!isKnown || isOutOfOrder || !this.#patch(state, changed)) this.#writeWhole(state, before);
    this.#known.setState(state);
  }

  #writeWhole(state: FileState, before: string): void {
    const lines = [...this.#known.linesInOrder(), ...state.carried];
    const hash = this.#file.write(lines.map((line) => `${line}\n`).join(''), before);
    if (hash === null) throw new Changed();
    state.hash = hash;
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

  /** Circles that a merge of two branches closed: nobody's single change did, so they are shown, not undone. */
  #circles(): string[] {
    return circlesOf(this.#rows.edges()).map(
      (circle) => `${this.#file.path}: these wait for each other: ${circle.join(' → ')}`,
    );
  }

  /** Copies bad lines aside, each once, however often it is seen. */
  #quarantine(bad: BadLine[]): void {
    const seen = new Set(JSON.parse(this.#known.note('quarantined') ?? '[]') as string[]);
    const fresh = bad.filter(({ text }) => !seen.has(digest(text)));
    if (fresh.length === 0) return;
    try {
      this.#file.quarantine(fresh.map(({ line, problem, text }) => `line ${line}: ${problem}\n${text}\n`).join(''));
    } catch {
      // The lines are still where they were, in the file itself, and are reported.
      return;
    }
    this.#known.setNote(
      'quarantined',
      JSON.stringify([...seen, ...fresh.map(({ text }) => digest(text))].slice(-1000)),
    );
  }
}

function problemsOf(path: string, { bad, isConflicted }: TaskFile): string[] {
  const problems = bad.map(({ line, problem }) => `${path}:${line}: ${problem}`);
  return isConflicted ? [...problems, `${path}: resolve the merge conflict; until then it is not written`] : problems;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
