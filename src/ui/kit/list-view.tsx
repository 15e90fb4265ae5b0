import { Box, Text } from 'ink';
import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import { ageMs } from '../app/dashboard-model.ts';
import { useModel, useNow } from '../app/use-model.ts';
import type { Cell, Group, Line, ViewProps } from '../app/view.ts';
import { actOn } from '../keymap/act-on.ts';
import { inList } from '../keymap/in-list.ts';
import { ClickArea } from '../screen/click-area.tsx';
import { colours } from '../theme.ts';
import { columnGap, type ShownColumn, shownColumns } from './column-widths.ts';
import { EmptyList } from './empty-list.tsx';
import { fitText, widthOf } from './fit-text.ts';
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
        <>
          <ColumnTitles columns={columns} cols={cols} />
          <ClickArea
            flexDirection="column"
            width={cols}
            height={page}
            onClick={({ y }) => {
              const entry = shown[y];
              if (entry?.line) actOn.clickLine(model, entry.index);
            }}
            onWheel={(direction) => inList.wheel(model, direction)}
          >
            {shown.map((entry) =>
              entry.line ? (
                <Row key={entry.line.key} line={entry.line} columns={columns} isSelected={entry.index === cursor} />
              ) : (
                <Text key={`group:${entry.heading.id}`} bold color={entry.heading.colour ?? colours.accent}>
                  {` ${entry.heading.title}`}
                </Text>
              ),
            )}
          </ClickArea>
        </>
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

function ColumnTitles({ columns, cols }: { columns: readonly ShownColumn[]; cols: number }) {
  const titles = columns.map(({ column, cols: width }) => fitText(column.title, width, column.isRight));
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Text color={colours.quiet} wrap="truncate">
        {` ${titles.join(gap)}`}
      </Text>
    </Box>
  );
}

const gap = ' '.repeat(columnGap);

interface RowProps {
  line: Line;
  columns: readonly ShownColumn[];
  isSelected: boolean;
}

const Row = memo(function Row({ line, columns, isSelected }: RowProps) {
  return (
    <Text wrap="truncate" inverse={isSelected}>
      {' '}
      {columns.map(({ column, index, cols }, place) => (
        <Text key={index}>
          <CellText cell={line.cells[index]} cols={cols} isRight={column.isRight} isSelected={isSelected} />
          {place < columns.length - 1 ? gap : ' '}
        </Text>
      ))}
    </Text>
  );
});

interface CellTextProps {
  cell: Cell | undefined;
  cols: number;
  isRight?: boolean | undefined;
  isSelected: boolean;
}

/** The selected line is inverse, in one colour. */
function CellText({ cell, cols, isRight, isSelected }: CellTextProps) {
  if (cell === undefined) return ' '.repeat(cols);
  const { text, colour, isBold, lead } = cell;
  const leadText = lead === undefined ? '' : fitText(lead.text, Math.min(widthOf(lead.text), cols));
  const left = cols - widthOf(leadText);
  const before = isRight ? ' '.repeat(Math.max(0, left - widthOf(text))) : '';
  return (
    <>
      {before}
      {lead && <Text color={isSelected ? undefined : lead.colour}>{leadText}</Text>}
      <Text color={isSelected ? undefined : colour} bold={isBold === true}>
        {fitText(text, left - before.length)}
      </Text>
    </>
  );
}
