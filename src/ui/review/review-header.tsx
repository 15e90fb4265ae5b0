import { Box, Text } from 'ink';
import { plainText } from '../../base/text.ts';
import { standingOf } from '../../domain/overlap-words.ts';
import type { Run } from '../../domain/run.ts';
import { runWord } from '../../domain/run-word.ts';
import { useModel } from '../app/use-model.ts';
import { colours, overlapMarks } from '../theme.ts';
import type { Review } from './review.ts';

/** Whose work it is, how it stands, what was said of it, and how it merges. */
export function ReviewHeader({ review, cols }: { review: Review; cols: number }) {
  const { model, state } = useModel();
  const run = state.view?.runs.find(({ id }) => id === review.run);
  const title = model.items.find(({ task }) => task.id === run?.task)?.task.title ?? '';
  const session = state.view?.sessions.find(({ id }) => id === run?.session) ?? null;
  const word = run ? runWord(run, session) : '';
  // What the work waits for then is to be read here.
  const reason = run?.status === 'reviewing' ? '' : run?.reason;
  const said = saidText(review);
  const merge = mergeText(review, state.view?.radar);
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Box flexShrink={0}>
        <Text>
          <Text bold color={colours.accent}>
            {' Review '}
          </Text>
          {`${review.run} `}
          {run && <Text color={toneOf(run, word)}>{`${word} `}</Text>}
        </Text>
      </Box>
      <Box flexGrow={1} flexShrink={1} minWidth={0}>
        <Text wrap="truncate" color={colours.quiet}>
          {plainText([run?.worker, title, reason].filter(Boolean).join('  '))}
        </Text>
      </Box>
      {review.problem === null && review.isBehind && (
        <Box flexShrink={0}>
          <Text color={colours.attention}> it has changed: r</Text>
        </Box>
      )}
      {merge && (
        <Box flexShrink={0}>
          <Text color={merge.colour}>{` ${merge.text}`}</Text>
        </Box>
      )}
      <Box flexShrink={0}>
        <Text color={review.unsent > 0 ? colours.attention : colours.quiet}>{` ${said} `}</Text>
      </Box>
    </Box>
  );
}

function toneOf({ status }: Run, word: string): string {
  if (status === 'done') return colours.good;
  const isForPerson = word !== status || status === 'failed' || status === 'paused' || status === 'reviewing';
  return isForPerson ? colours.attention : colours.quiet;
}

function saidText({ view, comments, unsent }: Review): string {
  const added = view.files.reduce((sum, file) => sum + file.added, 0);
  const removed = view.files.reduce((sum, file) => sum + file.removed, 0);
  const waiting = unsent > 0 ? `  ✎${unsent} not sent` : comments.length > 0 ? `  ✎${comments.length} sent` : '';
  return `+${added} -${removed}${waiting}`;
}

/** With whom it conflicts, by ids of runs. */
function mergeText({ run }: Review, radar: Parameters<typeof standingOf>[0] | undefined) {
  const standing = radar ? standingOf(radar, run) : null;
  if (!radar || standing === null) return null;
  const own = radar.overlaps.filter(
    ({ between, conflicts }) => between.includes(run) && (standing === 'clean' || conflicts !== false),
  );
  const others = own.map(({ between }) => between.find((name) => name !== run)).join(', ');
  return { text: `${overlapMarks[standing].glyph} ${others}`, colour: overlapMarks[standing].colour };
}
