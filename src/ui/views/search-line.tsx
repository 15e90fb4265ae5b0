import { Box, type DOMElement, Text, usePaste } from 'ink';
import { useRef } from 'react';
import stringWidth from 'string-width';
import { plainText } from '../../base/text.ts';
import type { Prompt, Search } from '../copy/copy-mode.ts';
import { useTextCursor } from '../screen/text-cursor.ts';
import { colours } from '../theme.ts';

interface Props {
  cols: number;
  prompt: Prompt;
  search: Search | null;
  press(key: string): void;
}

/** What is being searched for, and how often it was found. */
export function SearchLine({ cols, prompt, search, press }: Props) {
  // Of a paste the first line: no line that is searched has a break.
  usePaste((text) => [...plainText(text.split(/[\r\n]/, 1)[0] ?? '')].forEach(press));
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
