import { Box, type DOMElement, Text } from 'ink';
import { useRef } from 'react';
import { cutText } from '../kit/fit-text.ts';
import { useTextCursor } from '../screen/text-cursor.ts';

/** Ink says it in front of what is selected. */
export const selectedCols = '(selected) '.length;

interface Props {
  text: string;
  cols: number;
  isSelected?: boolean;
}

/** One line: screen readers follow the cursor, which stands on what is selected. */
export function ReaderLine({ text, cols, isSelected = false }: Props) {
  const element = useRef<DOMElement>(null);
  useTextCursor(element, isSelected ? { x: 0, y: 0 } : null);
  return (
    <Box ref={element} width={cols} height={1} flexShrink={0} aria-state={{ selected: isSelected }}>
      <Text>{cutText(text, cols - (isSelected ? selectedCols : 0))}</Text>
    </Box>
  );
}
