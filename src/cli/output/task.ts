import { plainText } from '../../base/text.ts';
import type { VariableOrigin } from '../../domain/agent-environment.ts';
import { type TaskChange, type TaskView, whyNotReady } from '../../domain/task.ts';
import { byUrgency } from '../../domain/task-graph.ts';
import type { TaskDetails } from '../../ports/store.ts';
import { type ProjectAnswer, problemsOf } from '../all-projects.ts';
import type { Report } from '../command.ts';
import { table } from './table.ts';
import { variableLines } from './variables.ts';

export async function taskTable(tasks: TaskView[], empty: string): Promise<Report> {
  return { json: tasks, text: await table(tasks.map(rowOf), empty) };
}

function rowOf(task: TaskView): string[] {
  return [task.id, `P${task.priority}`, taskState(task), task.title];
}

/** The tasks of several projects as one list, each with the name of its project; why a project did not answer is below. */
export async function projectsTaskTable(
  answers: readonly ProjectAnswer<TaskView[]>[],
  empty: string,
  { isByUrgency = true, offset = 0, limit }: { isByUrgency?: boolean; offset?: number; limit?: number | undefined },
): Promise<Report> {
  const found = answers.flatMap(({ project, result }) =>
    (result ?? []).map((task) => ({ ...task, project: project.name })),
  );
  const ordered = isByUrgency ? found.sort(byUrgency) : found;
  const tasks = ordered.slice(offset, limit === undefined ? undefined : offset + limit);
  const rows = tasks.map((task) => [task.project, ...rowOf(task)]);
  return { json: tasks, text: [await table(rows, empty), ...problemsOf(answers)].join('\n') };
}

/** How it stands, as a sentence. */
export function taskSentence(task: TaskView): string {
  const state = plainText(taskState(task));
  return `${task.id} ${/^(is|waits) /.test(state) ? '' : 'is '}${state}.`;
}

export function taskState(task: TaskView): string {
  return task.isReady ? 'ready' : whyNotReady(task);
}

/** A task and, of one that was asked for with its details, what was said and done. */
export function taskDetails(task: TaskView & Partial<TaskDetails>, variables: readonly VariableOrigin[] = []): string {
  const rows: [name: string, value: string | undefined][] = [
    ['state', plainText(taskState(task))],
    ['priority', String(task.priority)],
    ['labels', task.labels.map(plainText).join(', ')],
    ['depends', task.dependsOn.join(', ')],
    ['blocks', task.blocks?.join(', ')],
    ['parent', task.parent ?? ''],
    ['parts', task.children?.join(', ')],
    ['related', [...new Set([...(task.related ?? []), ...(task.relatedFrom ?? [])])].join(', ')],
    ['found in', task.discoveredFrom],
    ['led to', task.discovered?.join(', ')],
    ['assignee', task.assignee && plainText(task.assignee)],
    ['estimate', task.estimateMinutes === undefined ? '' : duration(task.estimateMinutes)],
    ['agent', task.agent && plainText(task.agent)],
    ...variableLines(variables).map((line): [string, string] => ['env', line]),
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(9)} ${value}`] : []));
  return [
    `${task.id}  ${plainText(task.title)}`,
    ...lines,
    ...paragraph('', task.body),
    ...paragraph('Accepted when', task.acceptance ?? ''),
    ...(task.comments ?? []).flatMap(({ at, by, text }) => paragraph(`${moment(at)} ${plainText(by)}`, text)),
    ...section('History', historyLines(task.history ?? [])),
  ].join('\n');
}

export function historyLines(history: readonly TaskChange[]): string[] {
  return history.map(({ at, by, changes }) => {
    const parts = Object.entries(changes).map(([field, [from, to]]) => `${field} ${said(from)} → ${said(to)}`);
    return `${moment(at)}  ${plainText(by)}  ${plainText(parts.join(', ')) || 'added'}`;
  });
}

const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

const moment = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function duration(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function paragraph(heading: string, text: string): string[] {
  return text.trim() === '' ? [] : section(heading, text.trim().split('\n').map(plainText));
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ['', ...(heading === '' ? [] : [`  ${heading}`]), ...lines.map((line) => `  ${line}`)];
}
