import { Box } from 'ink';
import { colours } from '../theme.ts';

/** Between what stands side by side. A border: a text of as many lines is measured, line by line, with each frame. */
export function VerticalLine({ rows }: { rows: number }) {
  return (
    <Box
      width={1}
      height={rows}
      flexShrink={0}
      borderStyle="single"
      borderTop={false}
      borderBottom={false}
      borderRight={false}
      borderColor={colours.quiet}
    />
  );
}
