import { z } from 'zod';
import { idPattern } from '../base/ids.ts';
import { type Task, taskSchema } from '../domain/task.ts';
import { taskLine } from '../domain/task-line.ts';

/** The largest valid task has about 1 MB of text; escapes can make that six times as long. */
const LINE_CHARACTERS_MAX = 8_000_000;
/** A line up to this length nests a thousand times at most. */
const SHALLOW_CHARACTERS_MAX = 2_000;

/** Says that a task was deleted on purpose; a line that is merely gone does not. */
export interface Tombstone {
  id: string;
  deletedAt: number;
}

export interface BadLine {
  /** Counts from 1. */
  line: number;
  text: string;
  problem: string;
}

export interface TaskFile {
  /** All readable tasks, in the order of the file; an id may be there more than once. */
  tasks: Task[];
  tombstones: Tombstone[];
  bad: BadLine[];
  /** Git left conflict markers: the file is in the middle of a merge. */
  isConflicted: boolean;
}

const tombstoneSchema = z.strictObject({ id: z.string().regex(idPattern), deletedAt: z.number() });
const conflictMarker = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

/** Reads `tasks.jsonl` line by line: one line that cannot be read costs no other. Byte order mark and CRLF are accepted. */
export function parseTaskFile(text: string): TaskFile {
  const file: TaskFile = { tasks: [], tombstones: [], bad: [], isConflicted: false };
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') continue;
    const problem = readInto(file, line);
    if (problem !== null) file.bad.push({ line: index + 1, text: line, problem });
  }
  return file;
}

function readInto(file: TaskFile, line: string): string | null {
  if (conflictMarker.test(line)) {
    file.isConflicted = true;
    return 'a conflict marker of git';
  }
  if (line.length > LINE_CHARACTERS_MAX) return 'the line is too long';
  try {
    const value: unknown = mayBeTorn(line) ? JSON.parse(line, wellFormed) : JSON.parse(line);
    // Asked of few lines only: to fail costs more than to parse a task.
    if (typeof value === 'object' && value !== null && 'deletedAt' in value) {
      const tombstone = tombstoneSchema.safeParse(value);
      if (tombstone.success) {
        file.tombstones.push(tombstone.data);
        return null;
      }
    }
    const task = taskSchema.safeParse(value);
    if (!task.success) {
      const issue = task.error.issues[0];
      return `not a task: ${issue.path.join('.') || 'the line'}: ${issue.message}`;
    }
    // Of how it stood somewhere, not of the task; lines of earlier versions have it.
    delete task.data.blockedOutside;
    // Nesting that parses may still be too deep to be written again.
    if (line.length > SHALLOW_CHARACTERS_MAX) taskLine(task.data);
    file.tasks.push(task.data);
    return null;
  } catch (failure) {
    return failure instanceof SyntaxError ? 'not JSON' : `not readable: ${(failure as Error).message}`;
  }
}

/** Half of a surrogate pair stands in the text or as an escape. Asked first: to look at each value takes longest of all. */
function mayBeTorn(line: string): boolean {
  return line.includes('\\ud') || line.includes('\\uD') || !line.isWellFormed();
}

/** SQLite and files hold UTF-8, which has no lone surrogates. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
