import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { CopyLines } from '../../src/ui/copy/copy-lines.ts';

/** A history of `text`, a line each; what is longer than `cols` wraps as in a terminal. */
export function historyOf(text: readonly string[], cols = 20, rows = 4): Emulator {
  const screen = new Emulator(cols, rows, { scrollback: 20_000, isEager: true });
  // In pieces that are parsed before `write` returns.
  text.forEach((line, index) => {
    screen.write(index === 0 ? line : `\r\n${line}`);
  });
  return screen;
}

export function linesOf(text: readonly string[], cols = 20, rows = 4): CopyLines {
  return new CopyLines(historyOf(text, cols, rows));
}
