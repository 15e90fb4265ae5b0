import { Box, Text } from 'ink';
import { memo, useLayoutEffect, useRef } from 'react';
import { ageMs } from '../app/dashboard-model.ts';
import { useModel, useNow } from '../app/use-model.ts';
import type { Group, Line, ViewProps } from '../app/view.ts';
import { actOn } from '../keymap/act-on.ts';
import { inList } from '../keymap/in-list.ts';
import { boardWidths } from '../kit/board-widths.ts';
import { EmptyList } from '../kit/empty-list.tsx';
import { fitText } from '../kit/fit-text.ts';
import { scrolledTop } from '../kit/scroll.ts';
import { TitleBar } from '../kit/title-bar.tsx';
import { VerticalLine } from '../kit/vertical-line.tsx';
import { wrapText } from '../kit/wrap-text.ts';
import { ClickArea } from '../screen/click-area.tsx';

/** The title of a card, and what is about it: all on one row where cards would not fit otherwise. */
const cardRowsMin = 2;
const cardRowsMax = 3;

/** The groups of a view side by side, as columns of cards. */
export function BoardColumns({ view, cols, rows }: ViewProps) {
  const { model } = useModel();
  useNow(ageMs, true);
  const { lines = [], cursor = -1 } = model.listing ?? {};
  const groups = (view.groups ?? []).filter(
    ({ id, isOptional }) => !isOptional || lines.some(({ group }) => group === id),
  );
  const selected = groups.findIndex(({ id }) => id === lines[cursor]?.group);
  const columns = groups.map(({ id, title }) => ({ title, count: lines.filter(({ group }) => group === id).length }));
  const most = Math.max(...columns.map(({ count }) => count));
  const cardRows = most * cardRowsMax <= rows - 2 ? cardRowsMax : cardRowsMin;
  const page = Math.max(1, Math.floor((rows - 2) / cardRows));
  useLayoutEffect(() => {
    model.pageRows = page;
  }, [model, page]);
  const { first, widths } = boardWidths(columns, selected, cols);
  const shown = groups.slice(first, first + widths.length);
  return (
    <Box flexDirection="column" width={cols} height={rows} overflow="hidden">
      <TitleBar view={view} cols={cols} />
      {lines.length === 0 ? (
        <EmptyList view={view} cols={cols} rows={rows - 1} />
      ) : (
        <Box width={cols} height={rows - 1}>
          {shown.map((group, index) => {
            const isLast = index === shown.length - 1;
            const width = (widths[index] ?? 0) - (isLast ? 0 : 1);
            const hidden = { before: index === 0 && first > 0, after: isLast && first + widths.length < groups.length };
            return (
              <Box key={group.id} height={rows - 1}>
                <Cards {...{ group, lines, cursor, hidden, cardRows }} cols={width} rows={rows - 1} />
                {!isLast && <VerticalLine rows={rows - 1} />}
              </Box>
            );
          })}
        </Box>
      )}
    </Box>
  );
}

interface CardsProps {
  group: Group;
  lines: readonly Line[];
  cursor: number;
  cols: number;
  rows: number;
  /** Of one card. */
  cardRows: number;
  /** Columns that there is no room for, on either side of this one. */
  hidden: { before: boolean; after: boolean };
}

function Cards({ group, lines, cursor, cols, rows, cardRows, hidden }: CardsProps) {
  const { model } = useModel();
  const top = useRef(0);
  const own = lines.flatMap((line, index) => (line.group === group.id ? [{ line, index }] : []));
  const at = own.findIndex(({ index }) => index === cursor);
  const page = Math.max(1, Math.floor((rows - 1) / cardRows));
  top.current = scrolledTop(top.current, own.length, at < 0 ? top.current : at, page);
  const shown = own.slice(top.current, top.current + page);
  const more = own.length - top.current - shown.length;
  const name = `${hidden.before ? '‹' : ' '}${group.title} ${own.length}${more > 0 ? ' ↓' : ''}`;
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <Text bold color={group.colour} inverse={at >= 0}>
        {fitText(name, cols - 1) + (hidden.after ? '›' : ' ')}
      </Text>
      <ClickArea
        flexDirection="column"
        width={cols}
        height={rows - 1}
        onClick={({ y }) => {
          const card = shown[Math.floor(y / cardRows)];
          if (card) actOn.clickLine(model, card.index);
        }}
        onWheel={(direction) => inList.wheel(model, direction)}
      >
        {shown.map(({ line, index }) => (
          <Card key={line.key} line={line} cols={cols} rows={cardRows} isSelected={index === cursor} />
        ))}
      </ClickArea>
    </Box>
  );
}

/** Below the title, without its mark. */
const aboutIndent = '   ';

interface CardProps {
  line: Line;
  cols: number;
  rows: number;
  isSelected: boolean;
}

const Card = memo(function Card({ line, cols, rows, isSelected }: CardProps) {
  const [title, about] = line.cells;
  const lead = title?.lead;
  const room = cols - aboutIndent.length;
  const told = wrapText(about?.text ?? '', room);
  // What does not fit is cut in the last row.
  const shown = [...told.slice(0, rows - 2), told.slice(rows - 2).join(' ')];
  return (
    <Box flexDirection="column" height={rows} flexShrink={0}>
      <Text inverse={isSelected}>
        <Text color={isSelected ? undefined : lead?.colour}>{` ${lead?.text ?? ''}`}</Text>
        {fitText(title?.text ?? '', cols - 3)}
      </Text>
      <Text inverse={isSelected} color={isSelected ? undefined : about?.colour}>
        {shown.map((text) => aboutIndent + fitText(text, room)).join('\n')}
      </Text>
    </Box>
  );
});
