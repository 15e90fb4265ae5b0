import { Box, type DOMElement, Text } from 'ink';
import { type ReactNode, useRef } from 'react';
import { plainText } from '../../base/text.ts';
import { useTextCursor } from '../screen/text-cursor.ts';
import { colours } from '../theme.ts';
import { lineWindow } from './text-edit.ts';
import { useTextEdit } from './use-text-edit.ts';

export interface TextInputProps {
  /** Columns; longer text scrolls. */
  width: number;
  initialValue?: string;
  placeholder?: string;
  /** It has the keyboard. Default true. */
  isActive?: boolean;
  onChange?(text: string): void;
  /** Enter. */
  onSubmit?(text: string): void;
  /** Escape. */
  onCancel?(): void;
}

/** A field of one line. It keeps its own text: change `key` to start it anew. */
export function TextInput({ width, placeholder = '', isActive = true, ...props }: TextInputProps): ReactNode {
  const element = useRef<DOMElement>(null);
  const edit = useTextEdit({
    initialValue: props.initialValue ?? '',
    isActive,
    isMultiline: false,
    onChange: props.onChange,
    onPaste: (text) => plainText(text),
    onKey(_input, key, text) {
      if (key.return) props.onSubmit?.(text);
      else if (key.escape) props.onCancel?.();
      return key.return || key.escape;
    },
  });
  const { text, cursorX } = lineWindow(edit, width);
  useTextCursor(element, isActive ? { x: cursorX, y: 0 } : null);
  return (
    <Box ref={element} width={width} height={1} flexShrink={0}>
      {text === '' ? (
        <Text color={colours.quiet} wrap="truncate">
          {placeholder}
        </Text>
      ) : (
        <Text wrap="truncate">{text}</Text>
      )}
    </Box>
  );
}
