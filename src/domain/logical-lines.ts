import { CellBuffer } from './cells.ts';

/** What is needed of a screen with lines above it (`ScrollbackScreen`). */
interface Lines {
  readonly cols: number;
  lineText(line: number): string;
  isWrapped(line: number): boolean;
  blitLines(firstLine: number, target: CellBuffer, x: number, y: number, width: number, height: number): void;
}

/** The lines from `first` up to and without `end` as text, each as the program wrote it: what was wrapped is joined. */
export function logicalLines(screen: Lines, first: number, end: number): string[] {
  const lines: string[] = [];
  let begun = '';
  for (let line = first; line < end; line++) {
    const goesOn = line + 1 < end && screen.isWrapped(line + 1);
    if (goesOn) begun += wholeRow(screen, line);
    else {
      lines.push((begun + screen.lineText(line)).trimEnd());
      begun = '';
    }
  }
  return lines;
}

/** With the blanks at its end: the line goes on behind them. */
function wholeRow(screen: Lines, line: number): string {
  const cells = new CellBuffer(screen.cols, 1);
  screen.blitLines(line, cells, 0, 0, screen.cols, 1);
  return cells.text.join('');
}
