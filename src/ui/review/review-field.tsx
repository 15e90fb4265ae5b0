import { Box, Text, useIsScreenReaderEnabled } from 'ink';
import stringWidth from 'string-width';
import { plainText } from '../../base/text.ts';
import { TextArea } from '../input/text-area.tsx';
import { TextInput } from '../input/text-input.tsx';
import { colours } from '../theme.ts';
import type { Field, Review } from './review.ts';

/** Rows of the text of a comment, and what stands around them. */
const textRows = 4;
export const fieldRows = { search: 0, comment: textRows + 2, edit: textRows + 2 } as const satisfies Record<
  Field['kind'],
  number
>;

interface Props {
  review: Review;
  field: Exclude<Field, { kind: 'search' }>;
  cols: number;
  /** False while a dialog has the keyboard. */
  isActive: boolean;
}

/** Where a comment is written, below the lines that it is on. */
export function CommentField({ review, field, cols, isActive }: Props) {
  const { path, first, last } = field.kind === 'comment' ? field.place : field.comment;
  const lines = first === last ? first : `${first}-${last}`;
  const isReader = useIsScreenReaderEnabled();
  const title = `${field.kind === 'comment' ? 'Comment' : 'Change the comment'} on ${plainText(path)}:${lines}`;
  const start = `─ ${title} `;
  return (
    <Box flexDirection="column" width={cols} height={fieldRows.comment} flexShrink={0} overflow="hidden">
      <Text wrap="truncate" color={colours.attention}>
        {isReader ? title : `${start}${'─'.repeat(Math.max(0, cols - stringWidth(start)))}`}
      </Text>
      <Box paddingX={1}>
        <TextArea
          key={`${field.kind} ${path} ${lines}`}
          width={cols - 2}
          height={textRows}
          initialValue={(field.kind === 'edit' ? field.comment.text : '') + (field.typed ?? '')}
          placeholder="what is to be changed here; enter begins a new line"
          isActive={isActive}
          onSubmit={(text) => void review.take(text)}
          onCancel={() => review.open(null)}
        />
      </Box>
      <Text wrap="truncate" color={colours.quiet}>
        {' ctrl+s keep it · esc leave it'}
      </Text>
    </Box>
  );
}

export function ReviewSearch({ review, cols, isActive }: { review: Review; cols: number; isActive: boolean }) {
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Text bold>{' / '}</Text>
      <TextInput
        width={Math.max(1, cols - 4)}
        initialValue={review.field?.typed?.replaceAll('\n', '') || (review.view.search?.text ?? '')}
        isActive={isActive}
        onSubmit={(text) => void review.take(text)}
        onCancel={() => review.open(null)}
      />
    </Box>
  );
}
