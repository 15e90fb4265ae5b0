import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Screen, ScrollbackScreen } from '../../ports/screen.ts';
import type { Attachment } from '../../ports/session-host.ts';
import type { PaneSource } from '../screen/pane-registry.ts';
import { type CopyEffect, type CopyKey, type CopyStep, copyKeys, pressCopyKey } from './copy-keys.ts';
import { CopyLines } from './copy-lines.ts';
import { type CopyState, carryOver, isAtBottom, moveTo, resizeView, startCopying } from './copy-mode.ts';
import { CopyScreen } from './copy-screen.ts';
import { bookmark, followLines } from './follow-lines.ts';

/** Keys and mouse events that are kept while a history is on its way; later ones are dropped. */
const stepsMax = 200;

/** What a key or the mouse does with the history that is shown. */
export type Step = (state: CopyState, lines: CopyLines) => CopyStep;

/** The program's own screen, behind the history. */
export interface LivePane extends Pick<Attachment, 'onScroll' | 'resize'> {
  screen(): Screen;
}

export interface CopyPaneOptions {
  /** As the person bound them; left out: those of the table. */
  keys?: readonly CopyKey[];
  live: LivePane;
  load(): Promise<ScrollbackScreen>;
  onEffect(effect: Exclude<CopyEffect, { kind: 'renew' }>): void;
  onFailure(failure: unknown): void;
  /** Also when only the title changed. */
  onChange(): void;
}

interface Shown {
  history: ScrollbackScreen;
  lines: CopyLines;
  state: CopyState;
}

/** One pane in copy mode: a history that stands still, while the program goes on behind it. */
export class CopyPane implements PaneSource, Disposable {
  readonly #options: CopyPaneOptions;
  readonly #held = new DisposableStack();
  readonly #changes = new Emitter<void>();
  #waiting: Step[] = [];
  #shown: Shown | null = null;
  #screen: CopyScreen | null = null;
  #isLoading = false;
  #isDisposed = false;
  /** What the program had drawn when the history was asked for. */
  #seenRevision = -1;
  #newLines = 0;
  /** There may be more new lines than were counted. */
  #isSkipped = false;

  constructor(options: CopyPaneOptions) {
    this.#options = options;
    this.#held.use(
      options.live.onScroll((lines) => {
        if (lines === null) this.#isSkipped = true;
        else this.#newLines += lines;
        // The title is drawn again with everything else: a flood is no reason to draw it for each line.
      }),
    );
    this.#load((history, lines) => {
      const line = lines.count - history.rows + history.cursor.y;
      return startCopying(lines, options.live.screen().rows, { line, column: history.cursor.x });
    });
  }

  /** The history is there: this is what the pane shows. */
  get isReady(): boolean {
    return this.#shown !== null;
  }

  get screen(): CopyScreen {
    if (this.#screen === null) throw new Error('A history was shown before it was there.');
    return this.#screen;
  }

  get state(): CopyState | null {
    return this.#shown?.state ?? null;
  }

  get isAtBottom(): boolean {
    return this.#shown !== null && isAtBottom(this.#shown.state, this.#shown.lines);
  }

  /** For the title: `copy 120/4,213  +57 new  3/17`. */
  get title(): string {
    if (this.#shown === null) return 'copy: loading…';
    const { state, lines } = this.#shown;
    const place = `${grouped(state.cursor.line + 1)}/${grouped(lines.count)}`;
    const more = this.#isSkipped ? ' and more' : '';
    const isNew = this.#newLines > 0 || this.#isSkipped;
    const news = isNew ? ` +${grouped(this.#newLines)}${more} new` : '';
    const { search } = state;
    const found = search === null ? '' : ` ${grouped((search.current ?? -1) + 1)}/${grouped(search.matches.length)}`;
    return `copy ${place}${news}${found}${this.#isLoading ? ' loading…' : ''}`;
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.on(listener);
  }

  press(key: string): void {
    this.do((state, lines) => pressCopyKey(state, lines, key, this.#options.keys));
  }

  /** What the key of this id does. */
  act(id: string): void {
    const row = copyKeys.find((candidate) => candidate.id === id);
    if (row) this.do(row.run);
  }

  do(step: Step): void {
    if (this.#waiting.length < stepsMax) this.#waiting.push(step);
    this.#go();
  }

  /** The pane has a new size: the program follows as ever, and the line on top stays on top. */
  resize(cols: number, rows: number): void {
    this.#options.live.resize(cols, rows);
    const shown = this.#shown;
    if (shown === null) return;
    this.screen.resize(cols, rows);
    if (cols !== shown.history.cols) {
      const before = bookmark(shown.lines, shown.history.rows);
      shown.history.resize(cols, shown.history.rows);
      shown.lines = new CopyLines(shown.history);
      shown.state = carryOver({ ...shown.state, rows }, shown.lines, followLines(before, shown.lines));
    } else shown.state = resizeView(shown.state, shown.lines, rows);
    this.#changed();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting = [];
    this.#held.dispose();
    this.#shown?.history.dispose();
  }

  #go(): void {
    while (!this.#isLoading && !this.#isDisposed && this.#shown !== null) {
      const step = this.#waiting.shift();
      if (!step) return;
      const { state, effect } = step(this.#shown.state, this.#shown.lines);
      this.#shown.state = state;
      this.#changed();
      if (effect?.kind === 'renew') this.#renew(effect.toNewest);
      else if (effect !== null) this.#options.onEffect(effect);
    }
  }

  #renew(toNewest: boolean): void {
    if (this.#options.live.screen().revision === this.#seenRevision) return;
    this.#load((_history, lines, before) => {
      if (before === null) throw new Error('A history was renewed before there was one.');
      const mark = bookmark(before.lines, before.history.rows);
      const state = carryOver(before.state, lines, followLines(mark, lines));
      return toNewest ? moveTo(state, lines, { line: lines.count - 1, column: 0 }) : state;
    });
    this.#changed();
  }

  #load(stateOf: (history: ScrollbackScreen, lines: CopyLines, before: Shown | null) => CopyState): void {
    const { live, load, onFailure } = this.#options;
    this.#isLoading = true;
    this.#seenRevision = live.screen().revision;
    load().then(
      (history) => {
        if (this.#isDisposed) {
          history.dispose();
          return;
        }
        const before = this.#shown;
        const now = live.screen();
        const cols = this.#screen?.cols ?? now.cols;
        const rows = this.#screen?.rows ?? now.rows;
        if (history.cols !== cols) history.resize(cols, history.rows);
        const lines = new CopyLines(history);
        this.#shown = { history, lines, state: stateOf(history, lines, before) };
        before?.history.dispose();
        this.#screen ??= new CopyScreen(now, cols, rows, () => this.#shown as Shown);
        // Those that came while it was on its way are in it, but perhaps the last few.
        this.#newLines = 0;
        this.#isSkipped = false;
        this.#isLoading = false;
        this.#changed();
        this.#go();
      },
      (failure) => {
        this.#isLoading = false;
        if (this.#isDisposed) return;
        onFailure(failure);
        this.#go();
      },
    );
  }

  #changed(): void {
    this.#screen?.changed();
    this.#changes.emit();
    this.#options.onChange();
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
