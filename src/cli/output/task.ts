import { plainText } from '../../base/text.ts';
import type { VariableOrigin } from '../../domain/agent-environment.ts';
import { type TaskView, whyNotReady } from '../../domain/task.ts';
import type { Report } from '../command.ts';
import { table } from './table.ts';
import { variableLines } from './variables.ts';

export async function taskTable(tasks: TaskView[], empty: string): Promise<Report> {
  const rows = tasks.map((task) => [task.id, `P${task.priority}`, taskState(task), task.title]);
  return { json: tasks, text: await table(rows, empty) };
}

export function taskState(task: TaskView): string {
  return task.isReady ? 'ready' : whyNotReady(task);
}

export function taskDetails(task: TaskView, variables: readonly VariableOrigin[] = []): string {
  const lines = [
    `${task.id}  ${plainText(task.title)}`,
    `  state     ${taskState(task)}`,
    `  priority  ${task.priority}`,
  ];
  if (task.labels.length > 0) lines.push(`  labels    ${task.labels.map(plainText).join(', ')}`);
  if (task.dependsOn.length > 0) lines.push(`  depends   ${task.dependsOn.join(', ')}`);
  if (task.parent) lines.push(`  parent    ${task.parent}`);
  if (task.agent) lines.push(`  agent     ${plainText(task.agent)}`);
  for (const line of variableLines(variables)) lines.push(`  env       ${line}`);
  if (task.body.trim())
    lines.push(
      '',
      ...task.body
        .trim()
        .split('\n')
        .map((line) => `  ${plainText(line)}`),
    );
  return lines.join('\n');
}
