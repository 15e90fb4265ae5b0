import { Box, Text, useIsScreenReaderEnabled, useWindowSize } from 'ink';
import { windowStart } from '../app/pane-layout.ts';
import { ReaderLine } from '../reader/reader-line.tsx';
import { colours } from '../theme.ts';

export interface Choice {
  key: string;
  text: string;
  /** Quiet text at the end. */
  note: string;
  /** Why it cannot be chosen, or null. */
  disabled: string | null;
}

/** A list with a cursor; what cannot be chosen stays visible with its reason. */
export function ChoiceList({ choices, cursor, rows }: { choices: readonly Choice[]; cursor: number; rows: number }) {
  const isReader = useIsScreenReaderEnabled();
  const { columns } = useWindowSize();
  const start = windowStart(choices.length, cursor, rows);
  return (
    <Box flexDirection="column">
      {choices.slice(start, start + rows).map((choice, offset) => {
        const isSelected = start + offset === cursor;
        const notes = [choice.text, choice.disabled ?? choice.note].filter(Boolean).join(', ');
        if (isReader) return <ReaderLine key={choice.key} text={notes} cols={columns} isSelected={isSelected} />;
        return (
          <Box key={choice.key} height={1} overflow="hidden">
            <Box flexGrow={1} flexShrink={1} minWidth={0}>
              <Text wrap="truncate" inverse={isSelected} color={choice.disabled === null ? undefined : colours.quiet}>
                {` ${choice.text} `}
              </Text>
            </Box>
            <Box flexShrink={0}>
              <Text color={choice.disabled === null ? colours.accent : colours.quiet}>
                {' '}
                {choice.disabled ?? choice.note}
              </Text>
            </Box>
          </Box>
        );
      })}
    </Box>
  );
}
