import { Terminal } from '@xterm/headless';
import type { Disposable } from '../../base/disposable.ts';
import { CellBuffer } from '../../domain/cells.ts';
import type { Cursor, ScreenModes, Still } from '../../domain/screen-state.ts';
import type { ScrollbackScreen } from '../../ports/screen.ts';
import { blitBuffer, blitScreen } from './blit.ts';
import { ClampFilter } from './clamp-filter.ts';
import { copiedText } from './copied-text.ts';
import { UnicodeGraphemesAddon } from './graphemes.ts';
import { InputModes } from './input-modes.ts';
import { isCursorHidden, onRowsChanged, parseNow } from './internals.ts';
import { Links } from './links.ts';
import { ParseLine, ParseQueue } from './parse-queue.ts';
import { recycleLines } from './recycle-lines.ts';
import { repair } from './repairs.ts';
import { nextRevision } from './revisions.ts';
import { SavedCursor } from './saved-cursor.ts';
import { WorkBudget } from './work-budget.ts';

const queue = new ParseQueue();

/** By the parameter of DECSCUSR. */
const shapes = ['default', 'block', 'block', 'underline', 'underline', 'bar', 'bar'] as const;

export interface EmulatorOptions {
  /** Lines kept above the screen. 1,000 cost 2.7 MB at 100 columns. */
  scrollback?: number;
  convertEol?: boolean;
  /** A few bytes are parsed before `write` returns, if none wait: an echo is shown a millisecond sooner. */
  isEager?: boolean;
}

/** What counts as a few bytes: it is parsed in well under a tenth of a millisecond. */
const eagerBytesMax = 4 * 1024;

/** A terminal without a window: bytes in, cells out. By itself it answers no query; the host adds that (`host/replies.ts`). */
export class Emulator implements ScrollbackScreen {
  readonly terminal: Terminal;
  readonly input: InputModes;
  readonly saved: SavedCursor;
  readonly #filter = new ClampFilter();
  #shape: Pick<Cursor, 'shape' | 'isBlinking'> = { shape: 'default', isBlinking: true };
  #shapeParameter = 0;
  #revision = nextRevision();
  #rowRevisions: Float64Array;
  #modes: { now: ScreenModes; of: number };
  #isDisposed = false;
  readonly #isEager: boolean;
  readonly #line: ParseLine;
  readonly #budget: WorkBudget;

  constructor(
    cols: number,
    rows: number,
    { scrollback = 0, convertEol = false, isEager = false }: EmulatorOptions = {},
  ) {
    this.#isEager = isEager;
    this.#rowRevisions = new Float64Array(rows).fill(this.#revision);
    // With none at all the parser throws when wrapped lines were made narrower and then wider and higher.
    const kept = Math.max(1, scrollback);
    this.terminal = new Terminal({
      ...{ cols, rows, scrollback: kept, convertEol, allowProposedApi: true, logLevel: 'off' },
      // The size in cells may be asked for. In pixels there is none; and nobody moves a window or reads a title.
      windowOptions: { getWinSizeChars: true },
    });
    repair(this.terminal);
    recycleLines(this.terminal);
    const budget = new WorkBudget(this.terminal);
    this.#budget = budget;
    const now = () => performance.now();
    this.#line = new ParseLine(
      queue,
      (bytes) => this.#parse(bytes),
      now,
      () => budget.textMax,
    );
    this.terminal.loadAddon(new UnicodeGraphemesAddon() as never);
    this.input = new InputModes(this.terminal);
    this.saved = new SavedCursor(this.terminal);
    new Links(this.terminal);
    this.#modes = { now: this.#readModes(), of: this.#revision };
    onRowsChanged(this.terminal, (changed) => this.#rowsChanged(changed?.start ?? 0, changed?.end ?? this.rows - 1));
    // DECSCUSR: the parser keeps it to itself, so it is heard on its way.
    this.terminal.parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, (parameters) => {
      this.#setShape(Number(parameters[0] ?? 0));
      return false;
    });
    for (const isOn of [true, false]) {
      this.terminal.parser.registerCsiHandler({ prefix: '?', final: isOn ? 'h' : 'l' }, (modes) => {
        // Many programs send it with a cursor that they did not shape: that one stays the person's own.
        const shape = this.#shapeParameter;
        if (modes.includes(12) && shape > 0) this.#setShape(shape - ((shape + 1) % 2) + (isOn ? 0 : 1));
        return false;
      });
    }
    this.terminal.parser.registerEscHandler({ final: 'c' }, () => {
      this.#setShape(0);
      this.#rowsChanged(0, this.rows - 1);
      return false;
    });
  }

  get cols(): number {
    return this.terminal.cols;
  }

  get rows(): number {
    return this.terminal.rows;
  }

  get revision(): number {
    return this.#revision;
  }

  get cursor(): Cursor {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    // After a character in the last column the cursor waits beyond it; it is shown on it.
    const x = Math.min(cursorX, this.cols - 1);
    return { x, y: cursorY, isVisible: !isCursorHidden(this.terminal), ...this.#shape };
  }

  /** What DECSCUSR set last, 0 to 6. */
  get shapeParameter(): number {
    return this.#shapeParameter;
  }

  /** What was written of a sequence or character that has not ended: it follows a snapshot that is taken here. */
  get unfinished(): Uint8Array {
    return this.#filter.unfinished;
  }

  get modes(): ScreenModes {
    // Asked for with each key and each frame.
    if (this.#modes.of !== this.#revision) this.#modes = { now: this.#readModes(), of: this.#revision };
    return this.#modes.now;
  }

  #readModes(): ScreenModes {
    const { modes, buffer } = this.terminal;
    return {
      applicationCursorKeys: modes.applicationCursorKeysMode,
      applicationKeypad: modes.applicationKeypadMode,
      bracketedPaste: modes.bracketedPasteMode,
      focusEvents: modes.sendFocusMode,
      mouse: modes.mouseTrackingMode,
      mouseEncoding: this.input.mouseEncoding,
      alternateScroll: this.input.hasAlternateScroll,
      kittyKeyboard: this.input.kittyKeyboard,
      modifyOtherKeys: this.input.modifyOtherKeys,
      alternateScreen: buffer.active.type === 'alternate',
      synchronizedOutput: modes.synchronizedOutputMode,
    };
  }

  write(data: Uint8Array | string, done?: () => void): void {
    if (this.#isDisposed) return;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const parsed = () => {
      this.#revision = nextRevision();
      done?.();
    };
    const clamped = this.#filter.filter(bytes);
    const isNow =
      this.#isEager && this.#line.isEmpty && clamped.length <= Math.min(eagerBytesMax, this.#budget.textMax);
    if (isNow && this.#parse(clamped)) parsed();
    else this.#line.add(clamped, parsed, isNow);
  }

  /** False: it has paused, and goes on with what is left when it is given the same again. */
  #parse(bytes: Uint8Array): boolean {
    this.#budget.renew();
    return parseNow(this.terminal, bytes);
  }

  resize(cols: number, rows: number): void {
    if (this.#isDisposed || (cols === this.cols && rows === this.rows)) return;
    this.terminal.resize(cols, rows);
    this.#rowRevisions = new Float64Array(rows);
    this.#rowsChanged(0, rows - 1);
  }

  rowRevision(y: number): number {
    return this.#rowRevisions[y] ?? this.#revision;
  }

  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow = 0): void {
    blitScreen(this.terminal, target, x, y, width, height, firstRow);
  }

  get lineCount(): number {
    return this.terminal.buffer.active.baseY + this.rows;
  }

  blitLines(firstLine: number, target: CellBuffer, x: number, y: number, width: number, height: number): void {
    const lines = Math.min(height, this.lineCount - firstLine);
    blitBuffer(this.terminal.buffer.active, target, x, y, Math.min(width, this.cols), lines, firstLine);
  }

  lineText(line: number): string {
    // Beyond the last the emulator has lines that it keeps for later.
    if (line >= this.lineCount) return '';
    return (this.terminal.buffer.active.getLine(line)?.translateToString(true) ?? '').trimEnd();
  }

  isWrapped(line: number): boolean {
    return this.terminal.buffer.active.getLine(line)?.isWrapped === true;
  }

  onScroll(listener: () => void): Disposable {
    return this.terminal.onScroll(listener);
  }

  onCopy(listener: (text: string) => void): Disposable {
    return this.terminal.parser.registerOscHandler(52, (data) => {
      const text = copiedText(data);
      if (text !== '') listener(text);
      return true;
    });
  }

  /** What is shown now, for who does not go on from it. */
  still(): Still {
    const { cols, rows, cursor, modes } = this;
    const cells = new CellBuffer(cols, rows);
    this.blit(cells, 0, 0, cols, rows);
    return { cells, cursor, modes };
  }

  /** The visible screen as plain rows. */
  text(): string {
    const { baseY } = this.terminal.buffer.active;
    return Array.from({ length: this.rows }, (_, y) => this.lineText(baseY + y)).join('\n');
  }

  /** What it showed last can still be read. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#line.clear();
    this.terminal.dispose();
  }

  #rowsChanged(first: number, last: number): void {
    this.#revision = nextRevision();
    this.#rowRevisions.fill(this.#revision, first, last + 1);
  }

  #setShape(parameter: number): void {
    this.#shapeParameter = parameter in shapes ? parameter : 0;
    const shape = shapes[this.#shapeParameter] ?? 'default';
    this.#shape = { shape, isBlinking: parameter === 0 || parameter % 2 === 1 };
  }
}
