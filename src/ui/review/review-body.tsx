import { Box, Text, useInput, useIsScreenReaderEnabled } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { actionFor, perform } from '../keymap/actions.ts';
import type { Hands } from '../keymap/hands.ts';
import { keyNames } from '../keymap/key-name.ts';
import { useKeymap } from '../keymap/use-keymap.ts';
import { ReaderReview } from '../reader/reader-review.tsx';
import { PaneSlot } from '../screen/pane-slot.tsx';
import { colours } from '../theme.ts';
import { FooterLine, Hints } from '../views/footer.tsx';
import { Review } from './review.ts';
import { CommentField, fieldRows, ReviewSearch } from './review-field.tsx';
import { ReviewHeader } from './review-header.tsx';
import { leaves, press } from './review-keys.ts';

/** Actions of the dashboard that mean the run that is reviewed; all others are for where it is selected. */
const shared: ReadonlySet<string> = new Set([
  ...['run.history', 'run.approve', 'run.deliver', 'run.rewind', 'run.radar', 'run.pause', 'pane.prompt'],
  ...['palette', 'help'],
]);

interface Props {
  run: string;
  cols: number;
  rows: number;
  hands: Hands;
}

/** What a run changed, to be read and answered. */
export function ReviewBody({ run, cols, rows, hands }: Props) {
  const { model, state } = useModel();
  const { actions, review: keys } = useKeymap();
  const isReader = useIsScreenReaderEnabled();
  const [review] = useState(() => {
    const begun = new Review(model, run, hands);
    // Keys that are typed ahead act before its pane is there.
    begun.view.resize(cols, rows - 2);
    return begun;
  });
  useSyncExternalStore(review.subscribe, () => review.version);
  useEffect(() => {
    void review.load();
    return () => review.dispose();
  }, [review]);
  const overlaps = state.view?.radar.overlaps;
  useEffect(() => review.setOverlaps(overlaps ?? []), [review, overlaps]);
  const { field } = review;
  const isFree = state.dialog === null;

  const heed = (name: string) => {
    // What came in the same read as the key that opened it is not for here.
    if (review.field !== null || model.state.dialog !== null || model.state.review !== run) return;
    if (model.state.message?.tone === 'bad') model.set({ message: null });
    if (press(name, { review, model, hands }, keys)) return;
    const action = actionFor(name, actions);
    if (action && shared.has(action.id)) perform(action, model, hands);
  };
  useInput(
    (input, key) => {
      for (const name of keyNames(input, key)) {
        if (leaves(name, keys)) heed(name);
        else review.whenRead(() => heed(name), typedBy(name));
      }
    },
    { isActive: isFree && field === null },
  );

  const below = field ? fieldRows[field.kind] : 0;
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      {isReader ? (
        <ReaderReview review={review} cols={cols} rows={rows - 1 - below} />
      ) : (
        <>
          <ReviewHeader review={review} cols={cols} />
          <PaneSlot
            id="review"
            source={review.problem === null ? review.screen : null}
            width={cols}
            height={rows - 2 - below}
            flexGrow={0}
            flexShrink={0}
          >
            <Text color={colours.quiet}>{` ${plainText(review.problem ?? '')}`}</Text>
          </PaneSlot>
        </>
      )}
      {field && field.kind !== 'search' && <CommentField review={review} field={field} cols={cols} isActive={isFree} />}
      {field?.kind === 'search' ? (
        <ReviewSearch review={review} cols={cols} isActive={isFree} />
      ) : (
        <ReviewFooter review={review} cols={cols} hands={hands} />
      )}
    </Box>
  );
}

/** What a key types into a field. */
function typedBy(name: string): string {
  if (name === 'enter') return '\n';
  return [...name].length === 1 ? name : '';
}

/** What was just said, or the keys that mean something now. */
function ReviewFooter({ review, cols, hands }: { review: Review; cols: number; hands: Hands }) {
  const { model, state } = useModel();
  const { actions, review: keys } = useKeymap();
  if (state.message) return <FooterLine cols={cols} message={state.message} />;
  const own = keys.filter(({ hint, unavailable }) => hint && !unavailable?.({ review, model, hands }));
  const others = actions.filter(({ id, hint, unavailable }) => shared.has(id) && hint && !unavailable?.(model));
  const isLast = ({ id }: { id: string }) => id === 'help' || id === 'back';
  const all = [...others, ...own];
  const hints = [...all.filter((each) => !isLast(each)), ...all.filter(isLast)];
  return (
    <FooterLine cols={cols}>
      <Hints hints={hints} cols={cols} />
    </FooterLine>
  );
}
