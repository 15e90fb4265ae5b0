import { buildRouteMap } from '@stricli/core';
import type { BatchView } from '../../app/operations/batch/read.ts';
import { counted } from '../../base/counted.ts';
import { plainText } from '../../base/text.ts';
import type { Batch } from '../../domain/batch.ts';
import { formatCost } from '../../domain/cost.ts';
import { command, text } from '../command.ts';
import { costJson } from '../output/cost.ts';
import { table } from '../output/table.ts';

/** Columns of the bar. */
const barCols = 20;

const nameArgument = text('batch', 'Name of the batch');

function changeCommand(name: 'batch.create' | 'batch.add' | 'batch.remove', summary: string, example: string) {
  return command<Record<string, unknown>, string[]>({
    summary,
    example,
    args: { kind: 'array', parameter: text('batch', 'Name of the batch, then ids of tasks'), minimum: 1 },
    async run(forge, _flags, batch = '', ...tasks) {
      const changed: Batch = await forge.call(name, { name: batch, tasks });
      const json = { ...changed, tasks: changed.tasks.map(({ task }) => task) };
      return { json, text: `Batch ${changed.name} has ${counted(changed.tasks.length, 'task')}.` };
    },
  });
}

const listCommand = command({
  summary: 'List the batches with how far they are',
  example: 'forge batch list',
  async run(forge) {
    const batches = await forge.call('batch.list', {});
    const rows = batches.map((batch) => [batch.name, progress(batch), batch.cost ? formatCost(batch.cost) : '']);
    return {
      json: batches.map(batchJson),
      text: await table(rows, 'No batches. Make one: forge batch create NAME TASK…'),
    };
  },
});

const statusCommand = command<Record<string, unknown>, [string]>({
  summary: 'How far a batch is: each task, what blocks it, what it cost',
  example: 'forge batch status spring',
  args: { kind: 'tuple', parameters: [nameArgument] },
  async run(forge, _flags, name) {
    const batch = await forge.call('batch.status', { name });
    const isOfSeveral = new Set(batch.tasks.map(({ project }) => project)).size > 1;
    const rows = batch.tasks.map(({ id, project, state, title, note, cost }) => [
      ...(isOfSeveral ? [project] : []),
      ...[id, state, cost ? formatCost(cost) : '', plainText(title), plainText(note)],
    ]);
    const cost = batch.cost ? `, ${formatCost(batch.cost)}` : '';
    const lines = [`${plainText(batch.name)}  ${progress(batch)}${cost}`, await table(rows, 'It has no tasks.')];
    return { json: batchJson(batch), text: lines.join('\n') };
  },
});

const cancelBatchCommand = command<Record<string, unknown>, [string]>({
  summary: 'End the runs of a batch; its tasks stay',
  example: 'forge batch cancel spring',
  args: { kind: 'tuple', parameters: [nameArgument] },
  async run(forge, _flags, name) {
    const runs = await forge.call('batch.cancel', { name });
    const json = { runs: runs.map(({ id, task, status }) => ({ id, task, status })) };
    return {
      json,
      text: runs.map(({ id }) => `Run ${id} is cancelled.`).join('\n') || `Batch ${name} has no live run.`,
    };
  },
});

export const batchCommands = buildRouteMap({
  docs: { brief: 'Named sets of tasks of any project, tracked together' },
  routes: {
    create: changeCommand('batch.create', 'Make a batch', 'forge batch create spring fg-a3f8 fg-77k2'),
    add: changeCommand('batch.add', 'Put tasks into a batch', 'forge batch add spring fg-b2c4'),
    remove: changeCommand(
      'batch.remove',
      'Take tasks out of a batch; the tasks stay',
      'forge batch remove spring fg-b2c4',
    ),
    list: listCommand,
    status: statusCommand,
    cancel: cancelBatchCommand,
  },
  defaultCommand: 'list',
});

function progress({ tasks, closed }: BatchView): string {
  const full = tasks.length === 0 ? 0 : Math.floor((closed / tasks.length) * barCols);
  return `${'█'.repeat(full)}${'░'.repeat(barCols - full)} ${closed} of ${tasks.length}`;
}

function batchJson({ cost, budget, tasks, ...batch }: BatchView) {
  return {
    ...batch,
    total: tasks.length,
    tasks: tasks.map((task) => ({ ...task, cost: costJson(task.cost) })),
    cost: costJson(cost),
    budget: budget && { limitUsd: budget.limitUsd, level: budget.level },
  };
}
