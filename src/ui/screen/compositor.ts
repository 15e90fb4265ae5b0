import { CellBuffer } from '../../domain/cells.ts';
import { dropFalseLinks } from '../../domain/links.ts';
import type { Cursor } from '../../domain/screen-state.ts';
import type { Screen } from '../../ports/screen.ts';
import { clipRect, copyArea, copySameArea, fillArea, holdsCell, type Rect } from './cell-area.ts';
import { emptyLayout, type Pane, type ScreenLayout } from './pane-registry.ts';

/** A program that announced a frame (DEC 2026) and does not end it is painted after this long all the same. */
export const synchronizedOutputMsMax = 200;

/** Lays the screens of the panes over the chrome, and dialogs over both. Knows neither Ink nor the terminal. */
export class Compositor {
  #target: CellBuffer;
  #chrome: CellBuffer;
  #layout: ScreenLayout = emptyLayout;
  #isFrameNew = true;
  #shown = new Map<Pane, ShownScreen>();
  /** 1 for each row of the target that was drawn since the last `painted`. */
  #isChanged: Uint8Array;

  constructor(cols: number, rows: number) {
    this.#target = new CellBuffer(cols, rows);
    this.#chrome = this.#target;
    this.#isChanged = new Uint8Array(rows).fill(1);
  }

  /** A new frame of the chrome with the layout that was measured for it. The size follows the chrome's. */
  setFrame(chrome: CellBuffer, layout: ScreenLayout): void {
    this.#chrome = chrome;
    this.#layout = layout;
    this.#isFrameNew = true;
    if (chrome.cols !== this.#target.cols || chrome.rows !== this.#target.rows) {
      this.#target = new CellBuffer(chrome.cols, chrome.rows);
      this.#isChanged = new Uint8Array(chrome.rows);
    }
    this.#isChanged.fill(1);
    const shown = new Map<Pane, ShownScreen>();
    for (const { pane } of layout.panes) shown.set(pane, this.#shown.get(pane) ?? new ShownScreen());
    this.#shown = shown;
  }

  /**
   * What the terminal should show at `now` (ms). `typingIn`: the pane whose cursor is shown, null for the chrome's.
   * `isAlive`: panes that are gone keep their last cells until the next frame. `waitMs`: call again after that long,
   * since a pane was in the middle of its own frame. `isChanged`: 1 for each row that may differ from what was composed
   * before the last `painted`.
   */
  compose(
    typingIn: string | null,
    now: number,
    isAlive: (pane: Pane) => boolean = () => true,
  ): { cells: CellBuffer; cursor: Cursor | null; waitMs: number | null; isChanged: Uint8Array } {
    let waitMs: number | null = null;
    const changed = new Set<Pane>();
    for (const { pane } of this.#layout.panes) {
      const shown = this.#shown.get(pane)!;
      if (!isAlive(pane)) continue;
      const wait = shown.waitMs(pane.source.screen, now);
      if (wait > 0) waitMs = Math.min(waitMs ?? wait, wait);
      else if (shown.follow(pane.source.screen)) changed.add(pane);
    }
    if (this.#isFrameNew) {
      copySameArea(this.#chrome, this.#target, wholeOf(this.#target));
      this.#drawPanes(0, null);
    } else if (changed.size > 0) this.#drawPanes(0, changed);
    this.#isFrameNew = false;
    return { cells: this.#target, cursor: this.#cursor(typingIn), waitMs, isChanged: this.#isChanged };
  }

  /** What `compose` gave last is on the terminal. */
  painted(): void {
    this.#isChanged.fill(0);
  }

  /** Where a cell of `screen` is on the terminal; null when no pane shows it, or something is new there that was not composed yet. */
  placeOf(screen: Screen, x: number, y: number): { x: number; y: number } | null {
    const found = this.#isFrameNew ? undefined : this.#layout.panes.find(({ pane }) => pane.source.screen === screen);
    return found ? this.#shown.get(found.pane)!.placeOf(screen, found.rect, x, y) : null;
  }

  /** The pane that shows at this cell of the terminal, and which cell of its screen that is: perhaps one beyond it. */
  paneAt(x: number, y: number): { pane: Pane; x: number; y: number; isOnScreen: boolean } | null {
    const found = this.#layout.panes.findLast(
      ({ pane, rect }) => holdsCell(rect, x, y) && !this.#isCovered(x, y, pane.layer),
    );
    return found ? { pane: found.pane, ...this.#shown.get(found.pane)!.cellAt(found.rect, x, y) } : null;
  }

  /** The shown cell of this pane's screen that is nearest to a cell of the terminal; null when the pane is not shown. */
  nearestIn(id: string, x: number, y: number): { x: number; y: number } | null {
    const found = this.#layout.panes.find(({ pane }) => pane.id === id);
    return found ? this.#shown.get(found.pane)!.nearestCell(found.rect, x, y) : null;
  }

  /** Draws the panes of `layer`, or what is new of those that `changed`, then everything that lies above it. */
  #drawPanes(layer: number, changed: ReadonlySet<Pane> | null): void {
    for (const { pane, rect } of this.#layout.panes) {
      if (pane.layer !== layer) continue;
      const shown = this.#shown.get(pane)!;
      if (changed === null) {
        shown.draw(this.#target, rect);
        this.#isChanged.fill(1, Math.max(0, rect.y), Math.max(0, rect.y + rect.height));
      } else if (changed.has(pane)) shown.drawChanged(this.#target, rect, this.#isChanged);
    }
    const above = this.#layout.overlays.filter((overlay) => overlay.layer > layer);
    if (above.length === 0) return;
    for (const { rect, layer: at } of above) if (at === layer + 1) copySameArea(this.#chrome, this.#target, rect);
    this.#drawPanes(layer + 1, null);
  }

  #cursor(typingIn: string | null): Cursor | null {
    if (typingIn === null) {
      const { cursor } = this.#layout;
      if (cursor === null || this.#isCovered(cursor.x, cursor.y, cursor.layer)) return null;
      return { x: cursor.x, y: cursor.y, isVisible: true, shape: 'bar', isBlinking: true };
    }
    const place = this.#layout.panes.find(({ pane }) => pane.id === typingIn);
    if (place === undefined) return null;
    const cursor = this.#shown.get(place.pane)!.cursorIn(place.rect);
    if (cursor === null || this.#isCovered(cursor.x, cursor.y, place.pane.layer)) return null;
    return cursor;
  }

  #isCovered(x: number, y: number, layer: number): boolean {
    return this.#layout.overlays.some(({ layer: at, rect }) => at > layer && holdsCell(rect, x, y));
  }
}

const nothing = { from: Number.POSITIVE_INFINITY, to: 0 };

/** The last whole picture of one pane's screen. */
class ShownScreen {
  #cells: CellBuffer | null = null;
  #cursor: Cursor | null = null;
  #revision = -1;
  /** Rows that may differ from what was drawn last: from the first on, up to the second. */
  #changed = nothing;
  /** Its first row that was drawn last. */
  #drawnTop = 0;
  #frozenAt: number | null = null;

  /** How long to wait for the end of the program's frame; 0 when it may be shown. */
  waitMs(screen: Screen, now: number): number {
    if (!screen.modes.synchronizedOutput) {
      this.#frozenAt = null;
      return 0;
    }
    this.#frozenAt ??= now;
    return Math.max(0, this.#frozenAt + synchronizedOutputMsMax - now);
  }

  /** Copies the screen if it changed. */
  follow(screen: Screen): boolean {
    const { cols, rows, revision } = screen;
    const hasSize = this.#cells?.cols === cols && this.#cells.rows === rows;
    if (hasSize && revision === this.#revision) return false;
    if (!hasSize) this.#cells = new CellBuffer(cols, rows);
    let from = 0;
    let to = rows;
    if (hasSize) {
      while (from < rows && screen.rowRevision(from) <= this.#revision) from++;
      while (to > from && screen.rowRevision(to - 1) <= this.#revision) to--;
    }
    if (from < to) {
      screen.blit(this.#cells!, 0, from, cols, to - from, from);
      for (let y = from; y < to; y++) dropFalseLinks(this.#cells!, y);
      this.#changed = { from: Math.min(from, this.#changed.from), to: Math.max(to, this.#changed.to) };
    }
    this.#cursor = { ...screen.cursor };
    this.#revision = revision;
    return true;
  }

  placeOf(screen: Screen, rect: Rect, x: number, y: number): { x: number; y: number } | null {
    if (screen.revision !== this.#revision) return null;
    const place = { x: rect.x + x, y: rect.y + y - this.#top(rect) };
    return holdsCell(rect, place.x, place.y) ? place : null;
  }

  draw(target: CellBuffer, rect: Rect): void {
    const cells = this.#cells;
    if (cells === null || cells.cols < rect.width || cells.rows < rect.height) fillArea(target, rect, ' ');
    if (cells !== null) copyArea(cells, 0, this.#top(rect), target, this.#part(rect));
    this.#changed = nothing;
    this.#drawnTop = this.#top(rect);
  }

  /** Draws what changed since the last time in the same place, and marks the rows of `target` where that is. */
  drawChanged(target: CellBuffer, rect: Rect, isChanged: Uint8Array): void {
    const cells = this.#cells!;
    const top = this.#top(rect);
    const isWhole = top !== this.#drawnTop || this.#changed.to - this.#changed.from === cells.rows;
    const from = isWhole ? 0 : Math.max(0, this.#changed.from - top);
    const to = isWhole ? rect.height : Math.min(rect.height, this.#changed.to - top);
    if (isWhole) this.draw(target, rect);
    else if (from < to)
      copyArea(cells, 0, top + from, target, this.#part({ ...rect, y: rect.y + from, height: to - from }));
    this.#changed = nothing;
    isChanged.fill(1, Math.max(0, rect.y + from), Math.max(0, rect.y + to));
  }

  cursorIn(rect: Rect): Cursor | null {
    const cursor = this.#cursor;
    if (cursor === null || !cursor.isVisible) return null;
    const y = cursor.y - this.#top(rect);
    if (cursor.x >= rect.width || y < 0 || y >= rect.height) return null;
    return { ...cursor, x: rect.x + cursor.x, y: rect.y + y };
  }

  cellAt(rect: Rect, x: number, y: number): { x: number; y: number; isOnScreen: boolean } {
    const column = x - rect.x;
    const row = y - rect.y + this.#top(rect);
    const isOnScreen = column < (this.#cells?.cols ?? 0) && row < (this.#cells?.rows ?? 0);
    return { x: column, y: row, isOnScreen };
  }

  nearestCell(rect: Rect, x: number, y: number): { x: number; y: number } | null {
    const cells = this.#cells;
    if (cells === null) return null;
    const right = Math.min(rect.width, cells.cols) - 1;
    const bottom = Math.min(rect.height, cells.rows) - 1;
    const column = Math.min(Math.max(x - rect.x, 0), right);
    return { x: column, y: Math.min(Math.max(y - rect.y, 0), bottom) + this.#top(rect) };
  }

  /** The first row that is shown: a screen higher than its rectangle keeps its cursor's row in sight, at the bottom. */
  #top(rect: Rect): number {
    const hidden = (this.#cells?.rows ?? 0) - rect.height;
    if (hidden <= 0) return 0;
    return Math.min(Math.max(0, (this.#cursor?.y ?? 0) - rect.height + 1), hidden);
  }

  #part(rect: Rect): Rect {
    const cells = this.#cells!;
    return { ...clipRect({ ...rect, x: 0, y: 0 }, cells.cols, cells.rows), x: rect.x, y: rect.y };
  }
}

function wholeOf(buffer: CellBuffer): Rect {
  return { x: 0, y: 0, width: buffer.cols, height: buffer.rows };
}
