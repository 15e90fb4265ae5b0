import { attribute } from '../../domain/cells.ts';
import { type DiffLine, type FileDiff, type Hunk, numberOn, type Side } from '../../domain/diff/file-diff.ts';
import { drawText, type Look, lineLengthMax, rowStarts, type Stretch } from '../screen/draw-text.ts';
import { foundIn, type Search } from './find-text.ts';
import { pairOf } from './pair-lines.ts';
import { gutterCols } from './review-columns.ts';
import { kindOf, type Looks } from './review-looks.ts';
import type { Syntax } from './syntax.ts';
import { changedParts, type Part } from './word-diff.ts';

export interface LineInput {
  file: FileDiff;
  hunk: Hunk;
  line: DiffLine;
  /** Digits of the largest number. */
  digits: number;
  /** Whose number stands before it; null: both, the old one first. */
  side: Side | null;
  left: number;
  /** Where it is broken: after so many columns, and which of its rows this is; null: nowhere. */
  wrap: { cols: number; part: number } | null;
  search: Search | null;
  syntax: Pick<Syntax, 'spansOf'>;
  isCurrent: boolean;
  looks: Looks;
}

const signs = { context: ' ', added: '+', removed: '-' } as const;
/** Behind a last line that does not end. */
const noNewline = '⊘';

/** A line of a diff: its numbers, its sign and its text, with what differs, what is searched for and the colours of its language. */
export function drawLine(stretch: Stretch, input: LineInput): void {
  const { line, digits, side, isCurrent, left, wrap, looks } = input;
  const isFirst = wrap === null || wrap.part === 0;
  const sides = side === null ? (['old', 'new'] as const) : [side];
  const numbers = sides.map((each) => String((isFirst && numberOn(line, each)) || '').padStart(digits)).join(' ');
  const signLook = line.kind === 'context' ? looks.quiet : looks[`${line.kind}Sign`];
  const numberLook = { ...signLook, attributes: isCurrent ? attribute.inverse : 0 };
  const text = shownText(line);
  const starts = wrap ? rowStarts(text, wrap.cols) : [];
  const from = wrap ? starts[wrap.part] : left;
  const gutter = gutterCols(digits, side);
  const parts = [
    { cols: numbers.length + 1, draw: (on: Stretch) => drawText(on, numbers, () => numberLook) },
    { cols: 2, draw: (on: Stretch) => drawText(on, isFirst ? signs[line.kind] : '', () => signLook) },
    {
      cols: stretch.cols - gutter,
      draw: (on: Stretch) =>
        // One beside a longer one has no row here.
        from === undefined
          ? drawText(on, '', lookOf(input))
          : drawText(on, text, lookOf(input), { from, ...(wrap && { to: starts[wrap.part + 1] ?? from + wrap.cols }) }),
    },
  ];
  let x = stretch.x;
  for (const { cols, draw } of parts) {
    const room = Math.min(cols, stretch.x + stretch.cols - x);
    if (room > 0) draw({ ...stretch, x, cols: room });
    x += cols;
  }
}

/** The rows that a line takes, broken after so many columns. */
export function rowsOfLine(line: DiffLine, cols: number): number {
  return rowStarts(shownText(line), cols).length;
}

/** A carriage return at the end is shown where the line is new or gone: it may be all that differs. */
function shownText({ kind, text, hasNewline }: DiffLine): string {
  const end = hasNewline ? '' : ` ${noNewline}`;
  if (!text.endsWith('\r')) return text + end;
  return (kind === 'context' ? text.slice(0, -1) : `${text.slice(0, -1)}␍`) + end;
}

function lookOf({ file, hunk, line, search, syntax, looks }: LineInput): (at: number) => Look {
  const ground = line.kind === 'context' ? looks.plain : looks[line.kind];
  const differing = line.kind === 'context' ? [] : differingParts(hunk, line);
  const found = search === null ? [] : foundIn(line.text.slice(0, lineLengthMax), search);
  const spans = syntax.spansOf(file, hunk, line) ?? [];
  const onGround = line.kind === 'context' ? 0 : 1;
  const length = line.text.length;
  return (at) => {
    if (at >= length) return ground;
    if (holds(found, at)) return looks.found;
    const span = spans.find(({ from, to }) => at >= from && at < to);
    const kind = span && kindOf[span.scope];
    const foreground = (kind && looks.words[kind][onGround]) || ground.foreground;
    if (line.kind !== 'context' && holds(differing, at)) return { ...looks.changed[line.kind], foreground };
    return { ...ground, foreground };
  };
}

function holds(parts: readonly Part[], at: number): boolean {
  return parts.some(([from, to]) => at >= from && at < to);
}

const known = new WeakMap<DiffLine, readonly Part[]>();

/** What the line that it stands beside does not have. */
function differingParts(hunk: Hunk, line: DiffLine): readonly Part[] {
  const before = known.get(line);
  if (before) return before;
  const { left, right } = pairOf(hunk, line);
  const [old, now] = left && right ? changedParts(left.text, right.text) : [[], []];
  if (left) known.set(left, old);
  if (right) known.set(right, now);
  return line === left ? old : now;
}
