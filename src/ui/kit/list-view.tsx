import { Box } from 'ink';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { ageMs } from '../app/dashboard-model.ts';
import { useModel, useNow } from '../app/use-model.ts';
import type { Cell, Group, Line, ViewProps } from '../app/view.ts';
import { actOn } from '../keymap/act-on.ts';
import { inList } from '../keymap/in-list.ts';
import { colours } from '../theme.ts';
import { columnGap, type ShownColumn, shownColumns } from './column-widths.ts';
import type { Piece } from './draw-row.ts';
import { DrawnRows } from './drawn-rows.tsx';
import { EmptyList } from './empty-list.tsx';
import { fitText, widthOf } from './fit-text.ts';
import type { Row } from './rows-screen.ts';
import { scrolledTop } from './scroll.ts';
import { TitleBar } from './title-bar.tsx';

/** The title and the names of the columns. */
const headRows = 2;

type Entry = { heading: Group; line: null; index: -1 } | { heading: null; line: Line; index: number };

/** Lines in columns, with a cursor. Only what is seen is drawn, however many there are. */
export function ListView({ view, cols, rows }: Omit<ViewProps, 'screens'>) {
  const { model } = useModel();
  useNow(ageMs, true);
  const columns = useMemo(() => shownColumns(view.columns, cols - 2), [view, cols]);
  const lines = model.listing?.lines ?? [];
  const cursor = model.listing?.cursor ?? -1;
  const entries = useMemo(() => entriesOf(lines, view.groups), [lines, view]);
  const page = Math.max(1, rows - headRows);
  useLayoutEffect(() => {
    model.pageRows = page;
  }, [model, page]);
  const top = useRef(0);
  const at = view.groups ? entries.findIndex(({ index }) => index === cursor) : cursor;
  top.current = scrolledTop(top.current, entries.length, at, page);
  const shown = entries.slice(top.current, top.current + page);
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <TitleBar view={view} cols={cols} />
      {lines.length === 0 ? (
        <EmptyList view={view} cols={cols} rows={rows - 1} />
      ) : (
        <DrawnRows
          rows={[titlesRow(columns), ...shown.map((entry) => entryRow(entry, columns, entry.index === cursor))]}
          cols={cols}
          height={page + 1}
          onClick={({ y }) => {
            const entry = shown[y - 1];
            if (entry?.line) actOn.clickLine(model, entry.index);
          }}
          onWheel={(direction) => inList.wheel(model, direction)}
        />
      )}
    </Box>
  );
}

/** Each group with its title before it. */
function entriesOf(lines: readonly Line[], groups: readonly Group[] | undefined): Entry[] {
  let last: string | undefined;
  return lines.flatMap((line, index): Entry[] => {
    const heading = line.group === last ? undefined : groups?.find(({ id }) => id === line.group);
    last = line.group;
    const entry: Entry = { heading: null, line, index };
    return heading ? [{ heading, line: null, index: -1 }, entry] : [entry];
  });
}

function titlesRow(columns: readonly ShownColumn[]): Row {
  const titles = () => columns.map(({ column, cols }) => fitText(column.title, cols, column.isRight));
  return { of: [columns], pieces: () => [{ text: ` ${titles().join(gap)} `, color: colours.quiet }] };
}

function entryRow({ heading, line }: Entry, columns: readonly ShownColumn[], isSelected: boolean): Row {
  if (line) return { of: [line, columns, isSelected], pieces: () => linePieces(line, columns, isSelected) };
  const { title, colour = colours.accent } = heading;
  return { of: [heading], pieces: () => [{ text: ` ${title}`, bold: true, color: colour }] };
}

const gap = ' '.repeat(columnGap);

/** The selected line is inverse, in one colour. */
function linePieces(line: Line, columns: readonly ShownColumn[], isSelected: boolean): Piece[] {
  const pieces = columns.flatMap((column, place) => [
    { text: place === 0 ? ' ' : gap },
    ...cellPieces(line.cells[column.index], column),
  ]);
  const all = [...pieces, { text: ' ' }];
  return isSelected ? all.map((piece) => ({ ...piece, color: undefined, inverse: true })) : all;
}

function cellPieces(cell: Cell | undefined, { column, cols }: ShownColumn): Piece[] {
  if (cell === undefined) return [{ text: ' '.repeat(cols) }];
  const { text, colour, isBold, lead } = cell;
  const leadText = lead === undefined ? '' : fitText(lead.text, Math.min(widthOf(lead.text), cols));
  const left = cols - widthOf(leadText);
  const before = column.isRight ? ' '.repeat(Math.max(0, left - widthOf(text))) : '';
  return [
    { text: before },
    { text: leadText, color: lead?.colour },
    { text: fitText(text, left - before.length), color: colour, bold: isBold },
  ];
}
