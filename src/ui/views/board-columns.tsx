import { Box } from 'ink';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { ageMs } from '../app/dashboard-model.ts';
import { useModel, useNow } from '../app/use-model.ts';
import type { Group, Line, ViewProps } from '../app/view.ts';
import { actOn } from '../keymap/act-on.ts';
import { inList } from '../keymap/in-list.ts';
import { boardWidths } from '../kit/board-widths.ts';
import { DrawnRows } from '../kit/drawn-rows.tsx';
import { EmptyList } from '../kit/empty-list.tsx';
import { widthOf } from '../kit/fit-text.ts';
import type { Row } from '../kit/rows-screen.ts';
import { scrolledTop } from '../kit/scroll.ts';
import { TitleBar } from '../kit/title-bar.tsx';
import { VerticalLine } from '../kit/vertical-line.tsx';
import { wrapText } from '../kit/wrap-text.ts';
import type { Colour } from '../theme.ts';

/** The title of a card, and what is about it: on two rows where one is too short for it and all cards still fit. */
const cardRowsMin = 2;
const cardRowsMax = 3;

/** The groups of a view side by side, as columns of cards. */
export function BoardColumns({ view, cols, rows }: ViewProps) {
  const { model } = useModel();
  useNow(ageMs, true);
  const { lines = [], cursor = -1 } = model.listing ?? {};
  const cards = useMemo(() => cardsByGroup(lines), [lines]);
  const groups = (view.groups ?? []).filter(({ id, isOptional }) => !isOptional || cards.has(id));
  const selected = groups.findIndex(({ id }) => id === lines[cursor]?.group);
  const columns = groups.map(({ id, title }) => ({ title, count: cards.get(id)?.length ?? 0 }));
  const { first, widths } = boardWidths(columns, selected, cols);
  const shown = groups.slice(first, first + widths.length);
  const fits = columns.every(({ count }) => count * cardRowsMax <= rows - 2);
  const isShort = (group: Group, index: number) =>
    cards
      .get(group.id)
      ?.some(({ line }) => widthOf(aboutIndent + (line.cells[1]?.text ?? '')) > (widths[index] ?? 0) - 1);
  const cardRows = fits && shown.some(isShort) ? cardRowsMax : cardRowsMin;
  const page = Math.max(1, Math.floor((rows - 2) / cardRows));
  useLayoutEffect(() => {
    model.pageRows = page;
  }, [model, page]);
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
                <Cards
                  {...{ group, cursor, cardRows, hidden }}
                  cards={cards.get(group.id) ?? none}
                  cols={width}
                  rows={rows - 1}
                />
                {!isLast && <VerticalLine rows={rows - 1} />}
              </Box>
            );
          })}
        </Box>
      )}
    </Box>
  );
}

/** A line of the list, and which of all it is. */
interface Card {
  line: Line;
  index: number;
}

const none: readonly Card[] = [];

function cardsByGroup(lines: readonly Line[]): Map<string | undefined, Card[]> {
  return Map.groupBy(
    lines.map((line, index) => ({ line, index })),
    ({ line }) => line.group,
  );
}

interface CardsProps {
  group: Group;
  cards: readonly Card[];
  cursor: number;
  cols: number;
  rows: number;
  /** Of one card. */
  cardRows: number;
  /** Columns that there is no room for, on either side of this one. */
  hidden: { before: boolean; after: boolean };
}

function Cards({ group, cards, cursor, cols, rows, cardRows, hidden }: CardsProps) {
  const { model } = useModel();
  const top = useRef(0);
  const at = cards.findIndex(({ index }) => index === cursor);
  const page = Math.max(1, Math.floor((rows - 1) / cardRows));
  top.current = scrolledTop(top.current, cards.length, at < 0 ? top.current : at, page);
  const shown = cards.slice(top.current, top.current + page);
  const more = cards.length - top.current - shown.length;
  const name = `${hidden.before ? '‹' : ' '}${group.title} ${cards.length}${more > 0 ? ' ↓' : ''}`;
  const title: Row = {
    of: [name, cols, at >= 0, hidden.after],
    pieces: () => [
      { text: name, grows: true, bold: true, color: group.colour, inverse: at >= 0 },
      { text: hidden.after ? '›' : ' ', bold: true, color: group.colour, inverse: at >= 0 },
    ],
  };
  return (
    <DrawnRows
      rows={[title, ...shown.flatMap(({ line, index }) => cardOf(line, cols, cardRows, index === cursor))]}
      cols={cols}
      height={rows}
      onClick={({ y }) => {
        const card = shown[Math.floor((y - 1) / cardRows)];
        if (y > 0 && card) actOn.clickLine(model, card.index);
      }}
      onWheel={(direction) => inList.wheel(model, direction)}
    />
  );
}

/** Below the title, without its mark. */
const aboutIndent = '   ';

function cardOf({ cells }: Line, cols: number, rows: number, isSelected: boolean): Row[] {
  const [title, about] = cells;
  const lead = title?.lead;
  const colourOf = (colour: Colour | undefined) => (isSelected ? undefined : colour);
  const titleRow: Row = {
    of: [cells, cols, isSelected],
    pieces: () => [
      { text: ` ${lead?.text ?? ''}`, color: colourOf(lead?.colour), inverse: isSelected },
      { text: title?.text ?? '', grows: true, inverse: isSelected },
    ],
  };
  const aboutRows = Array.from({ length: rows - 1 }, (_, row): Row => {
    const text = () => aboutIndent + aboutIn(about?.text ?? '', cols - aboutIndent.length, rows - 1)[row];
    return {
      of: [cells, cols, rows, row, isSelected],
      pieces: () => [{ text: text(), grows: true, color: colourOf(about?.colour), inverse: isSelected }],
    };
  });
  return [titleRow, ...aboutRows];
}

/** In so many rows: what does not fit is cut in the last one. */
function aboutIn(text: string, cols: number, rows: number): string[] {
  const told = wrapText(text, cols);
  return [...told.slice(0, rows - 1), told.slice(rows - 1).join(' ')];
}
