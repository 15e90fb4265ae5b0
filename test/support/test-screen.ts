import xterm from '@xterm/headless';
import { attribute, type CellBuffer, paletteColour, rgbColour } from '../../src/domain/cells.ts';
import type { Cursor, ScreenModes } from '../../src/domain/screen-state.ts';
import type { Screen } from '../../src/ports/screen.ts';
import { InputModes } from '../../src/sessions/screen/input-modes.ts';

/** A plain emulator for tests of what is drawn: writes are parsed at once. */
export class TestScreen implements Screen {
  readonly terminal: xterm.Terminal;
  revision = 0;
  #isCursorVisible = true;
  #style = 0;
  readonly #input: InputModes;
  #isDisposed = false;

  constructor(cols: number, rows: number, options: { convertEol?: boolean } = {}) {
    this.terminal = new xterm.Terminal({
      cols,
      rows,
      scrollback: 0,
      allowProposedApi: true,
      convertEol: options.convertEol ?? false,
    });
    this.#input = new InputModes(this.terminal);
    const { parser } = this.terminal;
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => this.#watchMode(params, true));
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => this.#watchMode(params, false));
    parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, (params) => {
      this.#style = Number(params[0] ?? 0);
      return false;
    });
  }

  #watchMode(params: (number | number[])[], isOn: boolean): boolean {
    if (params.includes(25)) this.#isCursorVisible = isOn;
    return false;
  }

  get cols(): number {
    return this.terminal.cols;
  }

  get rows(): number {
    return this.terminal.rows;
  }

  get cursor(): Cursor {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    const shapes = ['block', 'block', 'block', 'underline', 'underline', 'bar', 'bar'] as const;
    return {
      x: Math.min(cursorX, this.cols - 1),
      y: cursorY,
      isVisible: this.#isCursorVisible,
      shape: shapes[this.#style] ?? 'block',
      isBlinking: this.#style % 2 === 1,
    };
  }

  get modes(): ScreenModes {
    const { modes } = this.terminal;
    return {
      applicationCursorKeys: modes.applicationCursorKeysMode,
      applicationKeypad: modes.applicationKeypadMode,
      bracketedPaste: modes.bracketedPasteMode,
      focusEvents: modes.sendFocusMode,
      mouse: modes.mouseTrackingMode,
      mouseEncoding: this.#input.mouseEncoding,
      alternateScroll: this.#input.hasAlternateScroll,
      kittyKeyboard: this.#input.kittyKeyboard,
      modifyOtherKeys: this.#input.modifyOtherKeys,
      alternateScreen: this.terminal.buffer.active.type === 'alternate',
      synchronizedOutput: modes.synchronizedOutputMode,
    };
  }

  write(data: Uint8Array | string, done?: () => void): void {
    const core = (this.terminal as unknown as { _core: { writeSync(data: Uint8Array | string): void } })._core;
    core.writeSync(data);
    this.revision++;
    done?.();
  }

  resize(cols: number, rows: number): void {
    this.terminal.resize(cols, rows);
    this.revision++;
  }

  rowRevision(): number {
    return this.revision;
  }

  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow = 0): void {
    if (this.#isDisposed) throw new Error('blit of a disposed screen');
    const { active } = this.terminal.buffer;
    for (let row = 0; row < Math.min(height, this.rows - firstRow); row++) {
      const line = active.getLine(active.viewportY + firstRow + row);
      for (let column = 0; column < Math.min(width, this.cols); column++) {
        const cell = line?.getCell(column);
        if (cell === undefined || y + row >= target.rows || x + column >= target.cols) continue;
        const text = cell.getWidth() === 0 ? '' : cell.getChars() || ' ';
        target.set(
          (y + row) * target.cols + x + column,
          text,
          cell.getWidth(),
          foreground(cell),
          background(cell),
          attributes(cell),
        );
      }
    }
  }

  /** The rows as text, without trailing spaces. */
  get text(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    this.terminal.dispose();
  }
}

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<xterm.Terminal['buffer']['active']['getLine']>>['getCell']>>;

function foreground(cell: Cell): number {
  if (cell.isFgDefault()) return 0;
  return cell.isFgRGB() ? rgbColour | cell.getFgColor() : paletteColour | (cell.getFgColor() & 0xff);
}

function background(cell: Cell): number {
  if (cell.isBgDefault()) return 0;
  return cell.isBgRGB() ? rgbColour | cell.getBgColor() : paletteColour | (cell.getBgColor() & 0xff);
}

function attributes(cell: Cell): number {
  let bits = 0;
  if (cell.isBold()) bits |= attribute.bold;
  if (cell.isDim()) bits |= attribute.dim;
  if (cell.isItalic()) bits |= attribute.italic;
  if (cell.isUnderline()) bits |= attribute.underline;
  if (cell.isBlink()) bits |= attribute.blink;
  if (cell.isInverse()) bits |= attribute.inverse;
  if (cell.isInvisible()) bits |= attribute.invisible;
  if (cell.isStrikethrough()) bits |= attribute.strikethrough;
  if (cell.isOverline()) bits |= attribute.overline;
  return bits;
}
