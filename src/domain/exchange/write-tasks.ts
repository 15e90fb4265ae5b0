import type { Task } from '../task.ts';
import { csvRow } from './csv.ts';

const columns = [
  ...(['id', 'title', 'status', 'priority', 'labels', 'dependsOn', 'parent', 'assignee'] as const),
  ...(['estimateMinutes', 'acceptance', 'body'] as const),
];

/** A table that `forge task import` reads again. */
export function tasksAsCsv(tasks: readonly Task[]): string {
  const cell = (value: unknown) => (Array.isArray(value) ? value.join(';') : String(value ?? ''));
  const rows = [columns, ...tasks.map((task) => columns.map((column) => cell(task[column])))];
  return rows.map((row) => `${csvRow(row)}\r\n`).join('');
}

/** A checklist, parts indented below what they are a part of; the id is behind each title. */
export function tasksAsMarkdown(tasks: readonly Task[]): string {
  const known = new Set(tasks.map(({ id }) => id));
  const parts = Map.groupBy(tasks, ({ parent }) => (parent !== null && known.has(parent) ? parent : null));
  const lines: string[] = [];
  const pending = (parts.get(null) ?? []).toReversed().map((task) => ({ task, depth: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { task, depth } = next;
    const indent = '  '.repeat(depth);
    const title = task.title.replace(/\s+/g, ' ');
    lines.push(`${indent}- [${task.status === 'closed' ? 'x' : ' '}] ${title} (P${task.priority}) \`${task.id}\``);
    if (task.body.trim() !== '')
      lines.push(
        '',
        ...task.body
          .trim()
          .split('\n')
          .map((line) => `${indent}  ${line}`.trimEnd()),
        '',
      );
    pending.push(...(parts.get(task.id) ?? []).toReversed().map((part) => ({ task: part, depth: depth + 1 })));
  }
  return lines.map((line) => `${line}\n`).join('');
}
