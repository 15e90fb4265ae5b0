import type { BatchTask, BatchView } from '../../app/operations/batch/read.ts';
import { plainText } from '../../base/text.ts';
import { formatUsd } from '../../domain/cost.ts';
import type { ShownItem } from '../app/dashboard-model.ts';
import type { Line, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours, type Mark, phaseMarks } from '../theme.ts';
import { askAgain } from './ask-again.ts';
import { bar, costCell, markedCell, textCell } from './cells.ts';

const barCells = 12;

/** Each batch with how far it is and what it cost, and below it what is still open of it. */
export const batches: View = {
  id: 'batches',
  key: 'S',
  title: 'Batches',
  about: 'sets of tasks, how far they are, and what holds them up',
  empty: 'No batch yet: select a task and press {task.batch}.',
  columns: [
    { title: 'batch', cols: 0, grows: true, most: 60 },
    { title: 'done', cols: barCells + 8 },
    { title: 'cost', cols: 9, isRight: true },
    { title: 'held up by', cols: 0, grows: true },
  ],
  lines({ asked, items }) {
    const waiting = new Map(
      items.flatMap((item) => (item.phase === 'needs-you' ? [[item.task.id, item] as const] : [])),
    );
    return asked.batches?.flatMap((batch) => batchLines(batch, waiting)) ?? null;
  },
  follow: (model) =>
    askAgain(
      model,
      (client) => client.call('batch.list', {}),
      (found) => model.set({ asked: { ...model.state.asked, batches: found } }),
      (view) => view?.batches,
    ),
  Component: ListView,
};

/** `waiting`: tasks that wait for a person, by their ids; of projects that are not shown none is known. */
function batchLines(batch: BatchView, waiting: ReadonlyMap<string, ShownItem>): Line[] {
  const { name, tasks, closed, cost, budget } = batch;
  const part = tasks.length === 0 ? 0 : closed / tasks.length;
  const limit = budget ? `budget ${formatUsd(budget.limitUsd)}${budget.level === 'ok' ? '' : `, ${budget.level}`}` : '';
  const open = tasks.filter(({ state }) => state !== 'closed');
  return [
    {
      key: `batch:${name}`,
      task: null,
      cells: [
        { text: plainText(name), isBold: true },
        {
          text: `${bar(part, barCells)} ${closed}/${tasks.length}`,
          colour: part === 1 ? colours.good : colours.accent,
        },
        costCell(cost),
        { text: [countsOf(open), limit].filter(Boolean).join('; '), colour: colours.quiet },
      ],
    },
    ...open.map((task) => taskLine(name, task, waiting.get(task.id))),
  ];
}

/** `2 running, 1 ready, 3 blocked`. */
function countsOf(open: readonly BatchTask[]): string {
  const count = (state: BatchTask['state']) => open.filter((task) => task.state === state).length;
  const counts = (['running', 'ready', 'blocked', 'unknown'] as const).map((state) => [count(state), state] as const);
  const words = counts.flatMap(([number, state]) => (number > 0 ? `${number} ${state}` : []));
  return words.join(', ') || 'all done';
}

function taskLine(batch: string, task: BatchTask, waiting: ShownItem | undefined): Line {
  const { id, project, title, state, cost } = task;
  const { glyph, colour } = waiting ? phaseMarks['needs-you'] : marks[state];
  const note = waiting ? [waiting.run?.worker, waiting.note].filter(Boolean).join(': ') : task.note;
  return {
    key: `${batch}:${id}`,
    task: id,
    cells: [
      { ...markedCell({ glyph: `  ${glyph}`, colour }, title) },
      textCell(`${state}  ${project}`, colours.quiet),
      costCell(cost),
      textCell(note, colours.quiet),
    ],
  };
}

const marks: Record<BatchTask['state'], Mark> = {
  running: phaseMarks.working,
  ready: phaseMarks.ready,
  blocked: phaseMarks.blocked,
  closed: phaseMarks.closed,
  unknown: { glyph: '?', colour: colours.bad },
};
