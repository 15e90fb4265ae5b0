import { isAsking } from '../../domain/session.ts';
import type { DashboardModel, ShownItem } from '../app/dashboard-model.ts';
import { snoozeKey, waitingItems } from '../app/snoozed.ts';
import type { Line, View } from '../app/view.ts';
import type { Hands } from '../keymap/hands.ts';
import { colours, phaseMarks } from '../theme.ts';
import { ageCell, markedCell, textCell } from './cells.ts';
import { ListWithScreen } from './list-with-screen.tsx';

/** Who waits for a person, why and since when; below it the screen of the selected one. */
export const attention: View = {
  id: 'attention',
  key: 'A',
  title: 'Attention',
  about: 'who waits for you; a digit answers what is asked',
  empty: 'Nobody waits for you: {view.board} shows every task, {task.new} makes one.',
  columns: [
    { title: 'task', cols: 0, grows: true, isSorted: true },
    { title: 'why', cols: 16, grows: true, isSorted: true },
    { title: 'worker', cols: 10, isSorted: true },
    { title: 'for', cols: 4, isRight: true, isSorted: true },
    { title: 'id', cols: 10, from: 100 },
  ],
  lines: ({ items, snoozed, now }) => waitingItems(items, snoozed).map((item) => waitingLine(item, now)),
  digit: answer,
  Component: ListWithScreen,
};

function waitingLine(item: ShownItem, now: number): Line {
  const { task, run, session, note, project } = item;
  const since = run?.endedAt ?? session?.endedAt ?? session?.silentSince ?? session?.status.since ?? null;
  return {
    key: snoozeKey(item),
    task: task.id,
    project,
    cells: [
      markedCell(phaseMarks['needs-you'], task.title),
      textCell(note, colours.attention),
      textCell(run?.worker ?? '', colours.quiet),
      ageCell(since === null ? null : now - since),
      textCell(task.id, colours.quiet),
    ],
  };
}

/** So long after another line was selected by itself no digit is taken, in ms: it was meant for the one before. */
const lookMs = 1_000;

/** The choices that programs ask for are numbered; what the number means is on the screen below. */
function answer(model: DashboardModel, hands: Hands, digit: string): void {
  const { target } = model;
  const worker = target?.labels.worker ?? '';
  if (!target || !isAsking(target.status)) {
    model.say('Nothing is asked here that a digit would answer: enter opens the pane.');
    return;
  }
  if (Date.now() - model.lineMovedAt < lookMs) {
    model.say(`${worker} has only just come to stand here: look at what it asks, and answer then.`);
    return;
  }
  hands.send(target.id, digit);
  model.say(`${digit} was typed for ${worker}.`, 'good');
}
