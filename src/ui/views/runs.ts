import type { ProjectView } from '../../app/views/project-view.ts';
import type { Run } from '../../domain/run.ts';
import type { Line, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours, runMarks } from '../theme.ts';
import { ageCell, costCell, linesCell, markedCell, textCell } from './cells.ts';

/** Every run, the live ones first. */
export const runs: View = {
  id: 'runs',
  key: 'H',
  title: 'Runs',
  about: 'the history of all runs; enter shows one',
  empty: 'No run yet: select a task and press {run.dispatch}.',
  columns: [
    { title: 'state', cols: 11, isSorted: true },
    { title: 'task', cols: 0, grows: true, isSorted: true },
    { title: 'worker', cols: 10, isSorted: true },
    { title: 'agent', cols: 10, from: 110 },
    { title: 'took', cols: 4, isRight: true, isSorted: true },
    { title: 'cost', cols: 8, isRight: true, isSorted: true },
    { title: 'lines', cols: 11, isRight: true, from: 70, isSorted: true },
    { title: 'began', cols: 5, isRight: true, from: 100 },
    { title: 'run', cols: 12, from: 116 },
    { title: 'why', cols: 20, grows: true, from: 140 },
  ],
  lines({ views, now }) {
    const all = views.flatMap((view) => {
      const titles = new Map(view.tasks.map(({ id, title }) => [id, title]));
      return view.runs.map((run) => ({ run, title: titles.get(run.task) ?? run.task, view }));
    });
    return all.sort((a, b) => byNewest(a.run, b.run)).map(({ run, title, view }) => runLine(run, title, view, now));
  },
  open(model) {
    const run = model.current?.run;
    if (run) model.set({ dialog: { kind: 'run', run: run.id } });
  },
  Component: ListView,
};

/** Live ones first; of each the newest. */
function byNewest(a: Run, b: Run): number {
  return Number(b.endedAt === null) - Number(a.endedAt === null) || b.createdAt - a.createdAt;
}

function runLine(run: Run, title: string, { project, costs }: ProjectView, now: number): Line {
  const took = run.startedAt === null ? null : (run.endedAt ?? now) - run.startedAt;
  return {
    key: `${project.root} ${run.id}`,
    task: run.task,
    project: project.root,
    run: run.id,
    cells: [
      markedCell(runMarks[run.status], run.status),
      textCell(title),
      textCell(run.worker, colours.quiet),
      textCell(run.agent, colours.quiet),
      ageCell(took),
      costCell(costs.runs[run.id]),
      linesCell(run),
      { ...ageCell(now - run.createdAt), colour: colours.quiet },
      textCell(run.id, colours.quiet),
      textCell(run.reason, colours.quiet),
    ],
  };
}
