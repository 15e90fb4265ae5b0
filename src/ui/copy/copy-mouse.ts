import type { Disposable } from '../../base/disposable.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import type { MouseEvent } from '../input/mouse-event.ts';
import { actOn } from '../keymap/act-on.ts';
import type { Rect } from '../screen/cell-area.ts';
import type { CopyStep } from './copy-keys.ts';
import type { CopyLines, Position } from './copy-lines.ts';
import { type CopyState, moveTo, scrollView } from './copy-mode.ts';
import type { CopyModes } from './copy-modes.ts';
import { wordEnd, wordStart } from './copy-motions.ts';
import { selectedText } from './copy-selection.ts';

const wheelLines = 3;

/** Presses on one cell within this time are a double or triple click, in ms. */
const clickMs = 400;

/** While a drag is held beyond an edge the view moves this often, in ms. */
const edgeMs = 50;

/** Lines that it moves at once: one for each row that the mouse is beyond the edge, up to this. */
const edgeLinesMax = 8;

interface Press {
  session: string;
  rect: Rect;
  x: number;
  y: number;
  at: number;
  clicks: number;
  /** Of the selection: block with Alt held. */
  kind: 'char' | 'block';
  /** It has taken the pane into copy mode, which ends soon after the release. */
  hasEntered: boolean;
  isSelecting: boolean;
}

export interface PaneAt {
  pane: string;
  rect: Rect;
}

/** The mouse over panes whose program did not ask for it: the wheel scrolls, a drag selects, its release copies. */
export class CopyMouse implements Disposable {
  readonly #model: DashboardModel;
  readonly #modes: CopyModes;
  readonly #paneAt: (x: number, y: number) => PaneAt | null;
  readonly #now: () => number;
  #press: Press | null = null;
  #isHeld = false;
  #edge: NodeJS.Timeout | null = null;
  #leaving: NodeJS.Timeout | null = null;

  constructor(
    model: DashboardModel,
    modes: CopyModes,
    paneAt: (x: number, y: number) => PaneAt | null,
    now: () => number = () => performance.now(),
  ) {
    this.#model = model;
    this.#modes = modes;
    this.#paneAt = paneAt;
    this.#now = now;
  }

  handle(event: MouseEvent): void {
    if (event.kind === 'drag') this.#drag(event);
    if (event.kind === 'release') this.#release();
    const hit = this.#model.state.dialog === null ? this.#paneAt(event.x, event.y) : null;
    if (hit === null) return;
    if (event.kind === 'wheel' && event.wheel !== 0) this.#wheel(hit.pane, event.wheel);
    if (event.kind === 'press' && event.button === 'left') this.#down(hit, event);
  }

  dispose(): void {
    this.#stopEdge();
    if (this.#leaving) clearTimeout(this.#leaving);
  }

  #wheel(session: string, direction: -1 | 1): void {
    const known = this.#modes.get(session);
    if (direction > 0 && known === null) return;
    if (direction > 0 && known?.isAtBottom && known.state?.anchor === null) {
      this.#modes.leave(session);
      return;
    }
    const pane = known ?? this.#modes.enter(session);
    pane?.do((state, lines) => changed(scrollView(state, lines, direction * wheelLines)));
  }

  #down({ pane: session, rect }: PaneAt, { x, y, modifiers }: MouseEvent): void {
    this.#stayInMode();
    this.#select(session);
    const last = this.#press;
    const isAgain = last?.session === session && last.x === x && last.y === y && this.#now() - last.at < clickMs;
    const clicks = isAgain ? (last.clicks % 3) + 1 : 1;
    const kind = modifiers.alt ? 'block' : 'char';
    const hasEntered = isAgain && last.hasEntered && this.#modes.get(session) !== null;
    this.#press = { session, rect, x, y, at: this.#now(), clicks, kind, hasEntered, isSelecting: false };
    this.#isHeld = true;
    if (clicks > 1) this.#begin(this.#press);
    else this.#modes.get(session)?.do((state, lines) => changed(at(unselected(state), lines, { x, y }, rect)));
  }

  #drag({ x, y }: MouseEvent): void {
    const press = this.#press;
    if (!press || !this.#isHeld) return;
    if (!press.isSelecting && x === press.x && y === press.y) return;
    if (!press.isSelecting) this.#begin(press);
    const { rect, session } = press;
    const beyond = y < rect.y ? y - rect.y : Math.max(0, y - (rect.y + rect.height - 1));
    this.#stopEdge();
    const extend = () =>
      this.#modes.get(session)?.do((state, lines) => {
        const scrolled = beyond === 0 ? state : scrollView(state, lines, clampLines(beyond));
        return changed(at(scrolled, lines, { x, y }, rect));
      });
    extend();
    if (beyond !== 0) this.#edge = setInterval(extend, edgeMs);
  }

  #release(): void {
    const press = this.#press;
    const isOurs = this.#isHeld && press?.isSelecting;
    this.#stopEdge();
    this.#isHeld = false;
    if (!isOurs) return;
    this.#modes.get(press.session)?.do((state, lines) => {
      if (state.anchor === null) return changed(state);
      const text = selectedText(lines, { anchor: state.anchor, cursor: state.cursor, kind: state.kind });
      if (press.hasEntered) this.#leaveSoon(press.session);
      return { state, effect: { kind: 'copy', text, isLeaving: false } };
    });
  }

  /** After long enough to see what was copied, and for another click. */
  #leaveSoon(session: string): void {
    this.#stayInMode();
    this.#leaving = setTimeout(() => this.#modes.leave(session), clickMs);
  }

  /** Begins to select where the button went down. */
  #begin(press: Press): void {
    const { session, rect, kind, clicks } = press;
    const known = this.#modes.get(session);
    const pane = known ?? this.#modes.enter(session);
    press.hasEntered ||= known === null;
    press.isSelecting = true;
    pane?.do((state, lines) => {
      const there = at(unselected(state), lines, press, rect);
      if (clicks === 1) return changed({ ...there, anchor: there.cursor, kind });
      if (clicks === 3) return changed({ ...there, anchor: there.cursor, kind: 'line' });
      const word = { ...there, anchor: wordStart(lines, there.cursor), kind: 'char' as const };
      return changed(moveTo(word, lines, wordEnd(lines, there.cursor)));
    });
  }

  /** A click on a pane is for typing into it; on one in copy mode for its place in the history. */
  #select(session: string): void {
    if (this.#modes.get(session) === null) actOn.clickPane(this.#model, session);
    else {
      this.#model.set({ isTyping: false });
      actOn.selectPane(this.#model, session);
    }
  }

  #stayInMode(): void {
    if (this.#leaving) clearTimeout(this.#leaving);
    this.#leaving = null;
  }

  #stopEdge(): void {
    if (this.#edge) clearInterval(this.#edge);
    this.#edge = null;
  }
}

function unselected(state: CopyState): CopyState {
  return { ...state, anchor: null };
}

/** The cursor at a cell of the terminal, or at the nearest of the pane. */
function at(state: CopyState, lines: CopyLines, cell: { x: number; y: number }, rect: Rect): CopyState {
  const row = Math.min(Math.max(0, cell.y - rect.y), rect.height - 1, state.rows - 1);
  const column = Math.min(Math.max(0, cell.x - rect.x), rect.width - 1);
  const to: Position = { line: state.top + row, column };
  return moveTo(state, lines, to);
}

function clampLines(beyond: number): number {
  return Math.max(-edgeLinesMax, Math.min(edgeLinesMax, beyond));
}

function changed(state: CopyState): CopyStep {
  return { state, effect: null };
}
