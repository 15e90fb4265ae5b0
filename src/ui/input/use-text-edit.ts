import { type Key, useInput, usePaste } from 'ink';
import { useRef, useState } from 'react';
import { plainText } from '../../base/text.ts';
import type { TextEdit } from './text-edit.ts';
import * as edits from './text-edit.ts';

/** UTF-16 units that a field holds: a prompt with a pasted log is as long as that. */
export const fieldLengthMax = 100_000;

export interface TextEditOptions {
  initialValue: string;
  isActive: boolean;
  onChange?: ((text: string) => void) | undefined;
  /** Called first for each key; true means that it was taken. `text` is what the field holds. */
  onKey(input: string, key: Key, text: string): boolean;
  /** Makes pasted text fit: a single line turns line feeds into spaces. */
  onPaste(text: string): string;
  isMultiline: boolean;
}

/** The state of a text field and its editing keys. Several keys of one turn build on each other. */
export function useTextEdit(options: TextEditOptions): TextEdit {
  const current = useRef<TextEdit>(edits.textEdit(options.initialValue));
  const [shown, show] = useState(current.current);

  function change(next: TextEdit): void {
    const isNewText = edits.textOf(next) !== edits.textOf(current.current);
    current.current = next;
    show(next);
    if (isNewText) options.onChange?.(edits.textOf(next));
  }

  function add(text: string): void {
    const room = fieldLengthMax - edits.textOf(current.current).length;
    if (text !== '') change(edits.insert(current.current, text.slice(0, room)));
  }

  useInput(
    (input, key) => {
      if (key.eventType === 'release') return;
      const text = edits.textOf(current.current);
      if (options.onKey(input, key, text)) return;
      const edit = editFor(input, key, options.isMultiline);
      if (edit !== null) change(edit(current.current));
      else if (!key.ctrl && !key.meta && !key.tab && !key.return && !key.escape) add(plainText(input));
    },
    { isActive: options.isActive },
  );
  usePaste((text) => add(options.onPaste(text.replace(/\r\n?/g, '\n'))), { isActive: options.isActive });
  return shown;
}

function editFor(input: string, key: Key, isMultiline: boolean): ((edit: TextEdit) => TextEdit) | null {
  if (key.backspace) return edits.backspace;
  if (key.delete) return edits.deleteNext;
  if (key.leftArrow) return edits.left;
  if (key.rightArrow) return edits.right;
  if (key.home) return edits.home;
  if (key.end) return edits.end;
  if (isMultiline && key.return) return (edit) => edits.insert(edit, '\n');
  if (isMultiline && key.upArrow) return (edit) => edits.moveLine(edit, -1);
  if (isMultiline && key.downArrow) return (edit) => edits.moveLine(edit, 1);
  if (key.ctrl && Object.hasOwn(controlEdits, input)) return controlEdits[input];
  return null;
}

const controlEdits: Record<string, (edit: TextEdit) => TextEdit> = {
  a: edits.home,
  e: edits.end,
  u: edits.deleteToStart,
  k: edits.deleteToEnd,
  w: edits.deleteWord,
};
