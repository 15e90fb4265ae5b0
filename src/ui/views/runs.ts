import type { ProjectView } from '../../app/views/project-view.ts';
import type { Run } from '../../domain/run.ts';
import { runWord } from '../../domain/run-word.ts';
import type { SessionView } from '../../domain/session.ts';
import type { Cell, Line, View } from '../app/view.ts';
import { ListView } from '../kit/list-view.tsx';
import { colours, phaseMarks, runMarks } from '../theme.ts';
import { ageCell, agoCell, costCell, linesCell, markedCell, textCell } from './cells.ts';

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
    { title: 'began', cols: 7, isRight: true, from: 100 },
    { title: 'run', cols: 12, from: 116 },
    { title: 'why', cols: 20, grows: true, from: 140 },
  ],
  lines({ views, now }) {
    const all = views.flatMap((view) => {
      const titles = new Map(view.tasks.map(({ id, title }) => [id, title]));
      const sessions = new Map(view.sessions.map((session) => [session.id, session]));
      return view.runs.map((run) => {
        const of = { title: titles.get(run.task) ?? run.task, session: sessions.get(run.session) ?? null };
        return { ...of, run, view };
      });
    });
    return all.sort((a, b) => byNewest(a.run, b.run)).map((shown) => runLine(shown, now));
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

interface ShownRun {
  run: Run;
  title: string;
  session: SessionView | null;
  view: ProjectView;
}

function runLine({ run, title, session, view: { project, costs } }: ShownRun, now: number): Line {
  const took = run.startedAt === null ? null : (run.endedAt ?? now) - run.startedAt;
  return {
    key: `${project.root} ${run.id}`,
    task: run.task,
    project: project.root,
    run: run.id,
    cells: [
      stateCell(run, session),
      textCell(title),
      textCell(run.worker, colours.quiet),
      textCell(run.agent, colours.quiet),
      ageCell(took),
      costCell(costs.runs[run.id]),
      linesCell(run),
      agoCell(now - run.createdAt),
      textCell(run.id, colours.quiet),
      textCell(run.reason || session?.status.reason || '', colours.quiet),
    ],
  };
}

function stateCell(run: Run, session: SessionView | null): Cell {
  const word = runWord(run, session);
  return markedCell(word === run.status ? runMarks[run.status] : phaseMarks['needs-you'], word);
}
