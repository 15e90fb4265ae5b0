import { Box, Text } from 'ink';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { colours } from '../theme.ts';

/** One line: the first standing problem, and how many there are beside it. Nothing while there is none. */
export function ProblemLine({ cols }: { cols: number }) {
  const { model } = useModel();
  const [first, ...others] = model.problems;
  if (first === undefined) return null;
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Box flexShrink={1} minWidth={0}>
        <Text wrap="truncate" color={colours.attention}>
          {` ▲ ${plainText(first)}`}
        </Text>
      </Box>
      {others.length > 0 && (
        <Box flexShrink={0}>
          <Text color={colours.quiet}>{` and ${others.length} more `}</Text>
        </Box>
      )}
    </Box>
  );
}
