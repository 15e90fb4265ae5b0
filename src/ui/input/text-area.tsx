import { Box, type DOMElement, Text } from 'ink';
import { type ReactNode, useRef } from 'react';
import { plainText } from '../../base/text.ts';
import { useTextCursor } from '../screen/text-cursor.ts';
import { colours } from '../theme.ts';
import { fitColumns, lineWindow, type TextEdit, textOf } from './text-edit.ts';
import { useTextEdit } from './use-text-edit.ts';

export interface TextAreaProps {
  width: number;
  height: number;
  initialValue?: string;
  placeholder?: string;
  /** It has the keyboard. Default true. */
  isActive?: boolean;
  onChange?(text: string): void;
  /** Ctrl-S. Enter begins a new line. */
  onSubmit?(text: string): void;
  /** Escape. */
  onCancel?(): void;
}

/** A field of several lines; the line with the cursor scrolls. It keeps its own text: change `key` to start it anew. */
export function TextArea({ width, height, placeholder = '', isActive = true, ...props }: TextAreaProps): ReactNode {
  const element = useRef<DOMElement>(null);
  const edit = useTextEdit({
    initialValue: props.initialValue ?? '',
    isActive,
    isMultiline: true,
    onChange: props.onChange,
    onPaste: (text) => text.split('\n').map(plainText).join('\n'),
    onKey(input, key, text) {
      const isSubmit = key.ctrl && input === 's';
      if (isSubmit) props.onSubmit?.(text);
      else if (key.escape) props.onCancel?.();
      return isSubmit || key.escape;
    },
  });
  const { lines, cursor } = textWindow(edit, width, height);
  useTextCursor(element, isActive ? cursor : null);
  return (
    <Box ref={element} width={width} height={height} flexShrink={0} flexDirection="column" overflow="hidden">
      {textOf(edit) === '' ? (
        <Text color={colours.quiet} wrap="truncate">
          {placeholder}
        </Text>
      ) : (
        // A blank keeps the height of an empty line. Rows have no other identity than their place.
        lines.map((line, row) => (
          <Text key={String(row)} wrap="truncate">
            {line || ' '}
          </Text>
        ))
      )}
    </Box>
  );
}

/** The rows of a text in a field, scrolled so that the cursor is in it. */
export function textWindow(
  edit: TextEdit,
  width: number,
  height: number,
): { lines: string[]; cursor: { x: number; y: number } } {
  const lines = textOf(edit).split('\n');
  const row = edit.before.split('\n').length - 1;
  const first = Math.max(0, row - height + 1);
  const before = edit.before.slice(edit.before.lastIndexOf('\n') + 1);
  const inLine = lineWindow({ before, after: lines[row].slice(before.length) }, width);
  const shown = lines.map((line, at) => (at === row ? inLine.text : fitColumns(line, width)));
  return { lines: shown.slice(first, first + height), cursor: { x: inLine.cursorX, y: row - first } };
}
