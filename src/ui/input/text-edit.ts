import stringWidth from 'string-width';

/** A text and a cursor in it. Pure: every edit gives a new one. */
export interface TextEdit {
  readonly before: string;
  readonly after: string;
}

export function textEdit(text: string): TextEdit {
  return { before: text, after: '' };
}

export function textOf(edit: TextEdit): string {
  return edit.before + edit.after;
}

export function insert({ before, after }: TextEdit, text: string): TextEdit {
  return { before: before + text, after };
}

export function backspace({ before, after }: TextEdit): TextEdit {
  return { before: before.slice(0, before.length - lastGrapheme(before).length), after };
}

export function deleteNext({ before, after }: TextEdit): TextEdit {
  return { before, after: after.slice(firstGrapheme(after).length) };
}

export function left({ before, after }: TextEdit): TextEdit {
  const moved = lastGrapheme(before);
  return { before: before.slice(0, before.length - moved.length), after: moved + after };
}

export function right({ before, after }: TextEdit): TextEdit {
  const moved = firstGrapheme(after);
  return { before: before + moved, after: after.slice(moved.length) };
}

/** To the start of the line. */
export function home({ before, after }: TextEdit): TextEdit {
  const start = before.lastIndexOf('\n') + 1;
  return { before: before.slice(0, start), after: before.slice(start) + after };
}

/** To the end of the line. */
export function end({ before, after }: TextEdit): TextEdit {
  const length = lineLength(after);
  return { before: before + after.slice(0, length), after: after.slice(length) };
}

export function deleteToStart(edit: TextEdit): TextEdit {
  return { before: home(edit).before, after: edit.after };
}

export function deleteToEnd({ before, after }: TextEdit): TextEdit {
  return { before, after: after.slice(lineLength(after)) };
}

/** The word before the cursor and the spaces behind it. */
export function deleteWord({ before, after }: TextEdit): TextEdit {
  return { before: before.replace(/[^\s]*\s*$/u, ''), after };
}

/** To the same column of the line above (-1) or below (1); unchanged when there is none. */
export function moveLine(edit: TextEdit, step: -1 | 1): TextEdit {
  const lines = textOf(edit).split('\n');
  const row = edit.before.split('\n').length - 1 + step;
  if (row < 0 || row >= lines.length) return edit;
  const column = stringWidth(edit.before.slice(edit.before.lastIndexOf('\n') + 1));
  const kept = fitColumns(lines[row], column);
  const start = lines.slice(0, row).reduce((length, line) => length + line.length + 1, 0);
  const text = textOf(edit);
  return { before: text.slice(0, start + kept.length), after: text.slice(start + kept.length) };
}

/** As much of the beginning of `text` as fits into `columns`. */
export function fitColumns(text: string, columns: number): string {
  let fitting = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    fitting += segment;
  }
  return fitting;
}

/** One line of an edit in a field of `columns`: scrolled so that the cursor, which may stand behind the text, is in it. */
export function lineWindow(line: TextEdit, columns: number): { text: string; cursorX: number } {
  const behind = [...graphemes.segment(line.before)].map(({ segment }) => segment);
  let cursorX = stringWidth(line.before);
  let first = 0;
  while (cursorX > columns - 1 && first < behind.length) cursorX -= stringWidth(behind[first++]);
  return { text: fitColumns(behind.slice(first).join('') + line.after, columns), cursorX };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function firstGrapheme(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return '';
}

function lastGrapheme(text: string): string {
  return [...graphemes.segment(text)].at(-1)?.segment ?? '';
}

function lineLength(text: string): number {
  const length = text.indexOf('\n');
  return length === -1 ? text.length : length;
}
