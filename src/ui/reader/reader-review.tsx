import { Box } from 'ink';
import { useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { plainText } from '../../base/text.ts';
import { runWord } from '../../domain/run-word.ts';
import { windowStart } from '../app/pane-layout.ts';
import { useModel } from '../app/use-model.ts';
import { wrapText } from '../kit/wrap-text.ts';
import type { Review } from '../review/review.ts';
import { ReaderLine, selectedCols } from './reader-line.tsx';
import { reviewWords } from './review-words.ts';

/** Rows of the line that one is on: all of it is to be read. */
const wholeRowsMax = 8;

/** The rows of a review in words, a line each, below one that says whose work it is. */
export function ReaderReview({ review, cols, rows }: { review: Review; cols: number; rows: number }) {
  const { model, state } = useModel();
  const { view, screen } = review;
  const subscribe = useMemo(
    () => (listener: () => void) => {
      const held = view.changes.on(listener);
      return () => held.dispose();
    },
    [view],
  );
  useSyncExternalStore(subscribe, () => screen.revision);
  useLayoutEffect(() => view.resize(cols, rows), [view, cols, rows]);
  const run = state.view?.runs.find(({ id }) => id === review.run);
  const title = model.items.find(({ task }) => task.id === run?.task)?.task.title;
  const session = state.view?.sessions.find(({ id }) => id === run?.session) ?? null;
  const comments = review.unsent > 0 && `${review.unsent} not sent`;
  const stale = review.problem === null && review.isBehind && 'it has changed, r reads it again';
  const head = [`Review of ${review.run}`, run?.worker, title, run && runWord(run, session), comments, stale];
  const whole = wrapText(reviewWords(view, view.cursor, screen.standing), cols - selectedCols).slice(0, wholeRowsMax);
  const page = Math.max(1, rows - whole.length);
  const start = windowStart(view.rows.length, view.cursor, page);
  const shown = view.rows.slice(start, start + page).flatMap((_, offset) => {
    const index = start + offset;
    const lines = index === view.cursor ? whole : [reviewWords(view, index, screen.standing)];
    return lines.map((text, line) => ({
      ...{ key: `${index} ${line}`, text, isSelected: index === view.cursor && line === 0 },
    }));
  });
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <ReaderLine text={plainText(head.filter(Boolean).join(', '))} cols={cols} />
      {review.problem !== null && <ReaderLine text={plainText(review.problem)} cols={cols} />}
      {shown.map(({ key, text, isSelected }) => (
        <ReaderLine key={key} text={text} cols={cols} isSelected={isSelected} />
      ))}
    </Box>
  );
}
