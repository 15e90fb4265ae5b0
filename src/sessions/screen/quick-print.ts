import type { Terminal } from '@xterm/headless';
import { cellMask, coreOf, type Print, type RawLine } from './internals.ts';

/** A shorter run of ASCII is not worth a look at what it meets. */
const runMin = 4;

/** What the emulator holds of a character of one column that joins nothing: the same for all of ASCII behind one of its kind. */
const kindShift = 3;

const oneColumn = 1 << cellMask.widthShift;

/**
 * Prints as the emulator's own `print` does, but writes runs of ASCII straight into their cells, where it makes ten calls a
 * character. All that is not plain is left to `print`: other characters, the first one behind them, the one that wraps, links
 * and underlines with colours, charsets, insert mode.
 */
export function quickPrint(terminal: Terminal, print: Print): Print {
  const { _inputHandler: handler, _charsetService: charsets, coreService } = coreOf(terminal);
  const { _parser: parser } = handler;
  const plain = handler._unicodeService.charProperties(0x61, 0);

  return (data, start, end) => {
    if (charsets.charset || coreService.modes.insertMode || handler._curAttrData.bg & cellMask.hasExtended) {
      print(data, start, end);
      return;
    }
    for (let at = start; at < end; ) {
      const stop = endOfAscii(data, at, end);
      const room = terminal.cols - handler._activeBuffer.x;
      const isRun = stop - at >= runMin;
      if (isRun && room > 0 && parser.precedingJoinState >> kindShift === 0) {
        const to = Math.min(stop, at + room);
        writeAscii(data, at, to);
        at = to;
      } else {
        const to = isRun ? at + 1 : nextRun(data, stop, end);
        print(data, at, to);
        at = to;
      }
    }
  };

  function writeAscii(data: Uint32Array, start: number, end: number): void {
    const buffer = handler._activeBuffer;
    const pen = handler._curAttrData;
    const { x, y } = buffer;
    const line = buffer.lines.get(buffer.ybase + y) as RawLine;
    // Half of a wide character that is written over leaves a blank.
    if (x > 0 && line.getWidth(x - 1) === 2) line.setCellFromCodepoint(x - 1, 0, 1, pen);
    const cells = line._data;
    const { fg, bg } = pen;
    let index = x * 3;
    for (let at = start; at < end; at++) {
      cells[index++] = data[at] | oneColumn;
      cells[index++] = fg;
      cells[index++] = bg;
    }
    const after = x + end - start;
    if (after < terminal.cols && line.getWidth(after) === 0 && !line.hasContent(after))
      line.setCellFromCodepoint(after, 0, 1, pen);
    buffer.x = after;
    parser.precedingJoinState = plain;
    handler._dirtyRowTracker.markDirty(y);
  }
}

function isAscii(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

function endOfAscii(data: Uint32Array, start: number, end: number): number {
  let at = start;
  while (at < end && isAscii(data[at])) at++;
  return at;
}

/** Where the next run of ASCII begins that is long enough. */
function nextRun(data: Uint32Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    length = isAscii(data[at]) ? length + 1 : 0;
    if (length === runMin) return at + 1 - runMin;
  }
  return end;
}
