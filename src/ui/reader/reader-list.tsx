import { Box } from 'ink';
import { useLayoutEffect } from 'react';
import { phases } from '../../app/views/work-items.ts';
import { counted } from '../../base/counted.ts';
import { plainText } from '../../base/text.ts';
import { windowStart } from '../app/pane-layout.ts';
import { useModel } from '../app/use-model.ts';
import { useKeyWords } from '../keymap/use-keymap.ts';
import { wrapText } from '../kit/wrap-text.ts';
import { ReaderLine } from './reader-line.tsx';
import { lineWords, phaseWords, rowWords } from './reader-words.ts';

const keyWords = '{help} all keys, {palette} find an action, {quit} leave';

/** Of what was just said. */
const messageRowsMax = 4;

/** What the list, or the view that is shown, has to say, one thing a line. */
export function ReaderList({ cols, rows }: { cols: number; rows: number }) {
  const { model, state } = useModel();
  const withKeys = useKeyWords();
  const { showing, message } = state;
  const nameOf = (root: string) => state.projects && (model.viewOf(root)?.project.name ?? null);
  const lines = showing
    ? (model.listing?.lines ?? []).map((line) => ({ key: line.key, text: lineWords(line, showing) }))
    : model.rows.map((row) => ({ key: row.key, text: rowWords(row, nameOf(row.project)) }));
  const at = showing ? (model.listing?.cursor ?? -1) : model.rows.findIndex(({ key }) => key === state.selected);
  const title = showing ? `${showing.title}: ${showing.about}, ${counted(lines.length, 'line')}` : summary(model.items);
  const empty = showing ? showing.empty : 'No tasks yet: {task.new} makes one.';
  const said = message ? wrapText(withKeys(plainText(message.text)), cols).slice(0, messageRowsMax) : [];
  const above = [plainText(`forge ${state.view?.project.name ?? ''}, ${title}`), ...model.problems.map(plainText)];
  const below = [...(lines.length === 0 ? [withKeys(empty)] : []), ...said, withKeys(keyWords)];
  const page = Math.max(1, rows - above.length - below.length);
  const start = windowStart(lines.length, Math.max(0, at), page);
  useLayoutEffect(() => {
    model.pageRows = page;
  }, [model, page]);
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      {above.map((text) => (
        <ReaderLine key={`above ${text}`} text={text} cols={cols} />
      ))}
      {lines.slice(start, start + page).map(({ key, text }, index) => (
        <ReaderLine key={`line ${key}`} text={text} cols={cols} isSelected={start + index === at} />
      ))}
      {below.map((text) => (
        <ReaderLine key={`below ${text}`} text={text} cols={cols} />
      ))}
    </Box>
  );
}

function summary(items: readonly { phase: (typeof phases)[number] }[]): string {
  const counts = phases.map(
    (phase) => [items.filter((item) => item.phase === phase).length, phaseWords[phase]] as const,
  );
  return counts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ') || 'no tasks';
}
