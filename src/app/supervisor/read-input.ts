import { CellBuffer } from '../../domain/cells.ts';
import type { InputScreen } from '../../domain/input-screen.ts';
import type { Screen } from '../../ports/screen.ts';

/** What a screen shows now, and up to where its input has come. */
export function readInput(screen: Screen): InputScreen {
  const { cols, rows: count, cursor, modes } = screen;
  const cells = new CellBuffer(cols, count);
  screen.blit(cells, 0, 0, cols, count);
  const rows = Array.from({ length: count }, (_, y) => cells.rowText(y));
  const start = cursor.y * cols;
  const textOf = (from: number, to: number) => cells.text.slice(start + from, start + to).join('');
  return {
    rows,
    before: [...rows.slice(0, cursor.y), textOf(0, cursor.x)],
    behind: textOf(cursor.x, cols),
    isPasteOn: modes.bracketedPaste,
  };
}
