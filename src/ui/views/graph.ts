import { plainText } from '../../base/text.ts';
import { type ForestRow, taskForest } from '../../domain/task-forest.ts';
import type { ShownItem } from '../app/dashboard-model.ts';
import type { Line, Source, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours, phaseMarks } from '../theme.ts';
import { textCell } from './cells.ts';

/** Open tasks below what they wait for. */
export const graph: View = {
  id: 'graph',
  key: 'T',
  title: 'Graph',
  about: 'a tree of what waits for what; ◆ is the longest way',
  empty: 'No open task: {task.new} makes one, {task.depend} says what it waits for.',
  isOfTasks: true,
  columns: [
    { title: 'task', cols: 0, grows: true, most: 80 },
    { title: 'frees', cols: 5, isRight: true },
    { title: 'prio', cols: 4, isRight: true, from: 70 },
    { title: 'id', cols: 10 },
    { title: 'also waits for', cols: 24, from: 110 },
  ],
  lines({ views, items }: Source) {
    const byId = new Map(items.map((item) => [item.task.id, item]));
    return taskForest(views.flatMap(({ tasks }) => tasks)).map((row) => forestLine(row, byId.get(row.task.id)));
  },
  Component: ListView,
};

function forestLine({ task, branch, isCritical, alsoWaitsFor, frees }: ForestRow, item: ShownItem | undefined): Line {
  const { glyph, colour } = phaseMarks[item?.phase ?? 'blocked'];
  return {
    key: task.id,
    task: task.id,
    ...(item && { project: item.project }),
    cells: [
      {
        text: plainText(task.title),
        isBold: isCritical,
        lead: { text: `${branch}${glyph} ${isCritical ? '◆ ' : ''}`, colour: isCritical ? colours.attention : colour },
      },
      { text: frees > 0 ? String(frees) : '' },
      { text: String(task.priority), colour: colours.quiet },
      textCell(task.id, colours.quiet),
      textCell(alsoWaitsFor.join(', '), colours.quiet),
    ],
  };
}
