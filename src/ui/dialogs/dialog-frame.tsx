import { Box, Text, useIsScreenReaderEnabled } from 'ink';
import type { ReactNode } from 'react';
import { ReaderLine } from '../reader/reader-line.tsx';
import { Overlay } from '../screen/overlay.tsx';
import { colours } from '../theme.ts';

interface Props {
  title: string;
  /** What the keys do here, on the last line. */
  keys: string;
  /** Size of the whole screen: the dialog is centred in it and never larger; where it is too low, the blank line goes first. */
  screen: { cols: number; rows: number };
  cols: number;
  rows: number;
  children: ReactNode;
}

/** A bordered box above the panes. Its content has `cols - 4` columns and `rows - 5` lines. */
export function DialogFrame({ title, keys, screen, cols, rows, children }: Props) {
  const isReader = useIsScreenReaderEnabled();
  if (isReader)
    return (
      <Box flexDirection="column" width={screen.cols} height={screen.rows}>
        <ReaderLine text={title} cols={screen.cols} />
        {children}
        <ReaderLine text={keys} cols={screen.cols} />
      </Box>
    );
  const width = Math.min(cols, screen.cols);
  const height = Math.min(rows, screen.rows);
  const left = Math.max(0, Math.floor((screen.cols - width) / 2));
  const top = Math.max(0, Math.floor((screen.rows - height) / 2));
  return (
    <Overlay left={left} top={top} width={width} height={height}>
      <Box
        flexDirection="column"
        width={width}
        height={height}
        borderStyle="round"
        borderColor={colours.accent}
        paddingX={1}
        overflow="hidden"
      >
        <Box flexShrink={0}>
          <Text bold color={colours.accent} wrap="truncate">
            {title}
          </Text>
        </Box>
        <Box flexDirection="column" flexGrow={1} overflow="hidden">
          {/* What has no room is cut: lines that shrink are written over each other. */}
          <Box flexDirection="column" flexGrow={1} flexShrink={0}>
            {children}
          </Box>
        </Box>
        <Box flexShrink={0} marginTop={height < rows ? 0 : 1}>
          <Text color={colours.quiet} wrap="truncate">
            {keys}
          </Text>
        </Box>
      </Box>
    </Overlay>
  );
}
