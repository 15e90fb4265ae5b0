import { readRows } from './csv.ts';
import { type ForeignFile, type ForeignTask, foreignTask } from './foreign-task.ts';

/** Names that a column may have, small letters and without spaces. */
const names = {
  id: ['id', 'key', 'issue'],
  title: ['title', 'summary', 'name', 'task'],
  body: ['body', 'description', 'details'],
  status: ['status', 'state'],
  priority: ['priority'],
  labels: ['labels', 'tags'],
  dependsOn: ['dependson', 'dependencies', 'blockedby'],
  parent: ['parent'],
  assignee: ['assignee', 'owner'],
  estimate: ['estimateminutes', 'estimate'],
  acceptance: ['acceptance', 'acceptancecriteria'],
} as const;
type Column = keyof typeof names;

const closed = /^(closed|done|completed?|resolved|cancelled|x|true|yes)$/i;
const open =
  /^(|open|opened|reopened|new|to ?do|ready|backlog|planned|pending|in[ _-]?progress|doing|started|(in )?review|blocked|waiting|false|no)$/i;
const words: Readonly<Record<string, number>> = { critical: 0, highest: 0, high: 1, medium: 2, low: 3, lowest: 4 };

/** A table whose first row names the columns; `title` must be there. Several labels or ids in a cell are separated by ; */
export function readCsv(content: string): ForeignFile {
  const { rows, problem } = readRows(content);
  const [head, ...body] = rows;
  const columns = new Map<Column, number>();
  const notes: string[] = [];
  for (const [index, name] of (head?.cells ?? []).entries()) {
    const plain = name.toLowerCase().replace(/[\s_-]/g, '');
    const known = (Object.keys(names) as Column[]).find((column) =>
      (names[column] as readonly string[]).includes(plain),
    );
    if (known !== undefined && !columns.has(known)) columns.set(known, index);
    else if (name.trim() !== '') notes.push(`line 1: the column "${name.trim()}" is none that is known; left out`);
  }
  if (!columns.has('title')) return { tasks: [], problems: ['line 1: there is no column "title"'] };
  const file: ForeignFile = { tasks: [], problems: problem === null ? [] : [problem], notes };
  const seen = new Map<string, number>();
  for (const { line, cells } of body) {
    const cell = (column: Column) => cells[columns.get(column) ?? -1]?.trim().replace(/^'(?=[=+\-@])/, '') ?? '';
    const task = taskOf(cell, line, seen);
    const status = cell('status');
    if (typeof task === 'string') file.problems.push(`line ${line}: ${task}`);
    else file.tasks.push(task);
    if (!closed.test(status) && !open.test(status))
      notes.push(`line ${line}: the status "${status}" is none that is known; taken as open`);
  }
  return file;
}

function taskOf(cell: (column: Column) => string, line: number, seen: Map<string, number>): ForeignTask | string {
  const title = cell('title');
  if (title === '') return 'it has no title';
  const typed = cell('priority');
  const priority =
    words[typed.toLowerCase()] ?? Number(/^[pP]?([0-4])$/.exec(typed)?.[1] ?? (typed === '' ? 2 : Number.NaN));
  if (Number.isNaN(priority)) return `the priority ${typed} is none of 0 to 4`;
  const estimate = Number(cell('estimate') || 0);
  if (!Number.isInteger(estimate) || estimate < 0) return `the estimate ${cell('estimate')} is no number of minutes`;
  const times = (seen.get(title) ?? 0) + 1;
  seen.set(title, times);
  const list = (column: Column) =>
    cell(column)
      .split(/[;|]/)
      .map((part) => part.trim())
      .filter(Boolean);
  return {
    ...foreignTask(cell('id') || (times === 1 ? title : `${title} (${times})`), line, title),
    id: cell('id') || null,
    isClosed: closed.test(cell('status')),
    dependsOn: list('dependsOn'),
    parent: cell('parent') || null,
    fields: {
      body: cell('body'),
      priority,
      labels: list('labels'),
      ...(cell('assignee') && { assignee: cell('assignee') }),
      ...(estimate > 0 && { estimateMinutes: estimate }),
      ...(cell('acceptance') && { acceptance: cell('acceptance') }),
    },
  };
}
