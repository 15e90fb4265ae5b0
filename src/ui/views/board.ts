import { age } from '../../base/age.ts';
import { type Cost, formatCost } from '../../domain/cost.ts';
import type { ShownItem } from '../app/dashboard-model.ts';
import type { Line, Source, View } from '../app/view.ts';
import { colours, phaseMarks } from '../theme.ts';
import { BoardColumns } from './board-columns.tsx';
import { markedCell, textCell } from './cells.ts';
import { costsOf } from './costs-of.ts';

/** Every task as a card, in the column of where it stands. */
export const board: View = {
  id: 'board',
  key: 'B',
  title: 'Board',
  about: 'every task by where it stands',
  hint: 'board',
  empty: 'No task yet: {task.new} makes one.',
  columns: [
    { title: 'task', cols: 0, grows: true },
    { title: 'about it', cols: 0 },
  ],
  groups: [
    { id: 'ready', title: 'READY', colour: colours.accent },
    { id: 'blocked', title: 'BLOCKED', colour: colours.quiet },
    { id: 'queued', title: 'QUEUED', colour: colours.accent, isOptional: true },
    { id: 'running', title: 'RUNNING', colour: colours.good },
    { id: 'needs-you', title: 'NEEDS YOU', colour: colours.attention },
    { id: 'review', title: 'REVIEW', colour: colours.accent },
    { id: 'done', title: 'DONE', colour: colours.quiet },
  ],
  isBoard: true,
  isOfTasks: true,
  lines: (source) => {
    const costs = costsOf(source.views);
    return source.items.map((item) => card(item, costs(item.project, item.run?.id), source));
  },
  Component: BoardColumns,
};

function card(item: ShownItem, cost: Cost | null, { views, now }: Source): Line {
  const { task, run, phase, project } = item;
  const group = groupOf(item);
  const isAtWork = run !== null && run.endedAt === null;
  const short = task.id.split('-').at(-1) ?? task.id;
  const facts = [
    isAtWork ? run.worker : '',
    isAtWork && run.startedAt !== null ? age(now - run.startedAt) : '',
    cost ? formatCost(cost) : '',
    views.length > 1 ? task.id : short,
  ];
  // What it waits for first: a narrow card has no room for more.
  const about = [group === 'running' ? '' : noteOf(item, views.length > 1), facts.filter(Boolean).join(' ')];
  return {
    key: `${project} ${task.id}`,
    task: task.id,
    project,
    group,
    cells: [markedCell(phaseMarks[phase], task.title), textCell(about.filter(Boolean).join(' · '), colours.quiet)],
  };
}

/** Ids of the one project that is shown go without its prefix, as on all cards. */
function noteOf({ task, phase, note }: ShownItem, isOfSeveral: boolean): string {
  if (phase !== 'blocked' || isOfSeveral) return note;
  return note.replaceAll(task.id.slice(0, task.id.lastIndexOf('-') + 1), '');
}

/** Work that is complete and only wants to be looked at is apart from what cannot go on. */
function groupOf({ phase, run, session }: ShownItem): string {
  const isComplete = run?.status === 'reviewing' || (run?.status === 'working' && session?.status.state === 'done');
  if (phase === 'awaiting' || (phase === 'needs-you' && isComplete)) return 'review';
  if (phase === 'working') return 'running';
  return phase === 'closed' ? 'done' : phase;
}
