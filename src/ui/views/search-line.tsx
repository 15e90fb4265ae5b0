import { Box, type DOMElement, Text } from 'ink';
import { useRef } from 'react';
import stringWidth from 'string-width';
import { plainText } from '../../base/text.ts';
import type { Prompt, Search } from '../copy/copy-mode.ts';
import { useTextCursor } from '../screen/text-cursor.ts';
import { colours } from '../theme.ts';

/** What is being searched for, and how often it was found. */
export function SearchLine({ cols, prompt, search }: { cols: number; prompt: Prompt; search: Search | null }) {
  const element = useRef<DOMElement>(null);
  const text = (prompt.direction > 0 ? '/' : '?') + plainText(prompt.text);
  useTextCursor(element, { x: Math.min(cols - 1, stringWidth(text)), y: 0 });
  const count = search?.matches.length ?? 0;
  const place = `${((search?.current ?? -1) + 1).toLocaleString('en')}/${count.toLocaleString('en')}`;
  return (
    <Box ref={element} width={cols} height={1} overflow="hidden">
      <Text wrap="truncate">
        {text}
        {prompt.text !== '' && (
          <Text color={count === 0 ? colours.bad : colours.quiet}>{count === 0 ? '   no match' : `   ${place}`}</Text>
        )}
      </Text>
    </Box>
  );
}
