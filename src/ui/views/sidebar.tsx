import { useMemo } from 'react';
import type { ProjectView } from '../../app/views/project-view.ts';
import { plainText } from '../../base/text.ts';
import { type Cost, formatCost } from '../../domain/cost.ts';
import { standingOf } from '../../domain/overlap-words.ts';
import type { DashboardModel, ListRow } from '../app/dashboard-model.ts';
import { windowStart } from '../app/pane-layout.ts';
import { shownOfOpen } from '../app/shown-of-open.ts';
import type { ShownProject } from '../app/state.ts';
import { useModel } from '../app/use-model.ts';
import { actOn } from '../keymap/act-on.ts';
import { useKeyWords } from '../keymap/use-keymap.ts';
import type { Piece } from '../kit/draw-row.ts';
import { DrawnRows } from '../kit/drawn-rows.tsx';
import { cutText, widthOf } from '../kit/fit-text.ts';
import type { Row } from '../kit/rows-screen.ts';
import { wrapText } from '../kit/wrap-text.ts';
import { colours, type Mark, overlapMarks, phaseMarks, sessionMarks } from '../theme.ts';

/** One line of the sidebar; a row that needs somebody has two. */
interface Line {
  key: string;
  row: ListRow | null;
  mark: Mark | null;
  text: string;
  /** Beside the text: how its run stands to others. */
  overlap: Mark | null;
  /** Shown at the end, quiet. */
  note: string;
  isHeading: boolean;
}

/** Workers and tasks, one state glyph each, what needs a person on top. */
export function Sidebar({ cols, rows }: { cols: number; rows: number }) {
  const { model, state } = useModel();
  const withKeys = useKeyWords();
  const { rows: listed } = model;
  const { projects, view } = state;
  // A list of hundreds, made anew when there is news and not with each key.
  const all = useMemo(
    () => (projects === null ? sidebarLines(listed, view) : projectLines(model, projects)),
    [model, listed, projects, view],
  );
  const lines = all.flatMap((line) => (line.key === `${state.selected}:why` ? wholeLines(line, cols - 4) : [line]));
  const cursor = lines.findIndex((line) => line.row?.key === state.selected);
  const start = windowStart(lines.length, Math.max(0, cursor), rows);
  const shown = lines.slice(start, start + rows);
  const selected = state.zone === 'list' && !state.isTyping ? 'active' : 'passive';
  const rowOf = (line: Line): Row =>
    line.isHeading
      ? { of: [line], pieces: () => [{ text: withKeys(line.text), color: colours.quiet }] }
      : lineRow(line, cols, line.row !== null && line.row.key === state.selected ? selected : 'no');
  return (
    <DrawnRows
      rows={shown.map(rowOf)}
      cols={cols}
      height={rows}
      onClick={({ y }) => {
        const line = shown[y];
        if (line && !line.isHeading) actOn.clickRow(model, line.key.replace(/:why\d*$/, ''));
      }}
    />
  );
}

/** What is said of the selected one is to be read to its end. */
function wholeLines(line: Line, cols: number): Line[] {
  const rows = wrapText(line.text, cols);
  const shown = [...rows.slice(0, whyRowsMax - 1), rows.slice(whyRowsMax - 1).join(' ')].filter(Boolean);
  return shown.map((text, row) => ({ ...line, key: `${line.key}${row || ''}`, text }));
}

/** Of the selected one; what does not fit is cut. */
const whyRowsMax = 8;

/** A row that is not selected, that is and the keys move here, that is and they move elsewhere. */
const selectedStyles = { no: {}, active: { inverse: true }, passive: { bold: true, underline: true } } as const;

function lineRow(line: Line, cols: number, selected: keyof typeof selectedStyles): Row {
  return { of: [line, selected], pieces: () => piecesOf(line, cols, selectedStyles[selected]) };
}

function piecesOf({ mark, text, overlap, note }: Line, cols: number, style: Partial<Piece>): Piece[] {
  const end: Piece[] = [
    { text: overlap ? ` ${overlap.glyph}` : '', color: overlap?.colour },
    { text: note === '' ? '' : ` ${note}`, color: colours.quiet },
    { text: ' ' },
  ];
  const room = cols - leadCols - end.reduce((sum, piece) => sum + widthOf(piece.text), 0);
  return [
    { text: mark ? ` ${mark.glyph} ` : '   ', color: mark?.colour ?? colours.quiet },
    // The style of what is selected ends with its text.
    { text: cutText(text, room), ...style, color: mark === null ? colours.quiet : undefined },
    { text: '', grows: true },
    ...end,
  ];
}

/** The mark and the blanks around it. */
const leadCols = 3;

/** `view` null: it has not come yet. */
function sidebarLines(rows: readonly ListRow[], view: ProjectView | null): Line[] {
  const { workers, tasks } = linesOf(rows, view);
  const nothing = view?.costs ? ' none yet: {task.new} makes one' : ' …';
  return [
    heading('workers', ' WORKERS'),
    ...workers,
    heading('space', ''),
    heading('tasks', ` TASKS${view ? shownOfOpen(view) : ''}`),
    ...tasks,
    ...(tasks.length === 0 ? [heading('empty', nothing)] : []),
  ];
}

/** Each project with its name and prefix, its workers and its tasks. */
function projectLines(model: DashboardModel, projects: readonly ShownProject[]): Line[] {
  return projects.flatMap(({ root, name, prefix, problem }, index) => {
    const view = model.viewOf(root);
    const own = model.rows.filter((row) => row.project === root);
    const { workers, tasks } = linesOf(own, view);
    const nothing = problem === null && view ? '   no tasks' : `   ${plainText(problem ?? '…')}`;
    return [
      ...(index === 0 ? [] : [heading(`space ${root}`, '')]),
      heading(root, ` ${plainText(name).toUpperCase()}  ${plainText(prefix)}${view ? shownOfOpen(view) : ''}`),
      ...workers,
      ...tasks,
      ...(tasks.length === 0 || problem !== null ? [heading(`empty ${root}`, nothing)] : []),
    ];
  });
}

function linesOf(rows: readonly ListRow[], view: ProjectView | null): { workers: Line[]; tasks: Line[] } {
  const costs = view?.costs?.runs ?? null;
  const overlapOf = ({ item }: ListRow): Mark | null => {
    const standing = view?.radar && item?.run ? standingOf(view.radar, item.run.id) : null;
    return standing && overlapMarks[standing];
  };
  const workers = rows.filter((row) => row.kind === 'worker');
  const tasks = rows.filter((row) => row.kind === 'task');
  return {
    workers: workers.flatMap((row) => workerLines(row, costs?.[row.item?.run?.id ?? ''] ?? null, overlapOf(row))),
    tasks: tasks.flatMap((row) => taskLines(row, overlapOf(row))),
  };
}

/** Without the prefix of the project. */
function shortId(id: string): string {
  return id.split('-').at(-1) ?? id;
}

function heading(key: string, text: string): Line {
  return { key, row: null, mark: null, text, overlap: null, note: '', isHeading: true };
}

function workerLines(row: Extract<ListRow, { kind: 'worker' }>, cost: Cost | null, overlap: Mark | null): Line[] {
  const status = row.item?.session?.status.state ?? (row.item ? 'starting' : null);
  const mark = status
    ? sessionMarks[status]
    : { glyph: row.problem ? '✗' : '·', colour: row.problem ? colours.bad : colours.quiet };
  const doing = row.item ? shortId(row.item.task.id) : row.problem ? 'no agent' : 'idle';
  // Another one than the worker's own goes on.
  const agent = row.item?.run && row.item.run.agent !== row.agent ? ` ${row.item.run.agent}` : '';
  const note = `${doing}${agent}${cost ? ` ${formatCost(cost)}` : ''}`;
  const line = { key: row.key, row, mark, text: plainText(row.name), overlap, note, isHeading: false };
  if (!row.problem) return [line];
  return [
    line,
    { ...line, key: `${row.key}:why`, row: null, mark: null, text: plainText(row.problem), overlap: null, note: '' },
  ];
}

function taskLines(row: Extract<ListRow, { kind: 'task' }>, overlap: Mark | null): Line[] {
  const { task, phase, note } = row.item;
  const line = {
    key: row.key,
    row,
    mark: phaseMarks[phase],
    text: plainText(task.title),
    overlap,
    note: shortId(task.id),
    isHeading: false,
  };
  const isExplained = phase === 'needs-you' || (phase === 'awaiting' && note !== '');
  if (!isExplained) return [line];
  return [
    line,
    { ...line, key: `${row.key}:why`, row: null, mark: null, text: plainText(note), overlap: null, note: '' },
  ];
}
