import { type DOMElement, measureElement } from 'ink';
import { createContext } from 'react';
import { type Disposable, disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Attachment } from '../../ports/session-host.ts';
import type { MouseEvent } from '../input/mouse-event.ts';
import { type Theme, themes } from '../theme.ts';
import { holdsCell, type Rect, sameRect } from './cell-area.ts';

/** What a pane shows: an attachment, or anything with a screen that tells when it changes. */
export interface PaneSource extends Pick<Attachment, 'screen' | 'onChange' | 'resize'> {
  /** The dashboard draws it: what is new in it answers a key, and is painted at once. */
  readonly isOwn?: boolean;
  /** Presses and the wheel over it are its own, in cells of its screen. */
  onMouse?(event: MouseEvent, x: number, y: number): void;
}

/** A rectangle of the chrome that shows a screen. */
export interface Pane {
  readonly id: string;
  readonly source: PaneSource;
  /** 0 is the ground; an overlay and what is in it are one higher than what it covers. */
  readonly layer: number;
  readonly node: () => DOMElement | null;
  /** Where it is in the node; without, it is all of it. */
  readonly place?: () => Rect;
  /** The source follows the size of the rectangle. */
  readonly isFitted: boolean;
}

interface Overlay {
  readonly layer: number;
  readonly node: () => DOMElement | null;
}

interface TextCursor extends Overlay {
  readonly x: number;
  readonly y: number;
}

/** Where everything was when a frame of the chrome was laid out. */
export interface ScreenLayout {
  panes: { pane: Pane; rect: Rect }[];
  overlays: { layer: number; rect: Rect }[];
  /** The cursor of the text field that has the keyboard, if any. */
  cursor: { x: number; y: number; layer: number } | null;
}

export const emptyLayout: ScreenLayout = { panes: [], overlays: [], cursor: null };

/** The panes, overlays and text cursors that are mounted now. They register themselves; one frame measures them all. */
export class PaneRegistry implements Disposable {
  readonly #panes = new Map<Pane, { changes: Disposable; rect: Rect }>();
  readonly #overlays = new Set<Overlay>();
  readonly #cursors = new Set<TextCursor>();
  #layout: ScreenLayout = emptyLayout;
  /** A pane's screen may have changed. */
  readonly changes = new Emitter<Pane>();
  /** How what the dashboard draws is coloured. */
  readonly theme: Theme;

  constructor(theme: Theme = themes.terminal) {
    this.theme = theme;
  }

  addPane(pane: Pane): Disposable {
    const changes = pane.source.onChange(() => this.changes.emit(pane));
    this.#panes.set(pane, { changes, rect: nowhere });
    return disposable(() => {
      this.#panes.delete(pane);
      changes.dispose();
    });
  }

  addOverlay(overlay: Overlay): Disposable {
    return addTo(this.#overlays, overlay);
  }

  addCursor(cursor: TextCursor): Disposable {
    return addTo(this.#cursors, cursor);
  }

  isMounted(pane: Pane): boolean {
    return this.#panes.has(pane);
  }

  /** Measures everything, and asks the sources of panes whose size is new to take it. */
  measure(): ScreenLayout {
    const layout: ScreenLayout = { panes: [], overlays: [], cursor: null };
    const areas = new Map<DOMElement | null, Rect>();
    for (const [pane, state] of this.#panes) {
      const node = pane.node();
      const area = areas.get(node) ?? measured(node);
      areas.set(node, area);
      const rect = within(area, pane.place?.());
      if (rect.width <= 0 || rect.height <= 0) continue;
      layout.panes.push({ pane, rect });
      const isNewSize = rect.width !== state.rect.width || rect.height !== state.rect.height;
      if (isNewSize && pane.isFitted) askForSize(pane.source, rect);
      if (!sameRect(rect, state.rect)) state.rect = rect;
    }
    for (const overlay of this.#overlays)
      layout.overlays.push({ layer: overlay.layer, rect: measured(overlay.node()) });
    for (const cursor of this.#cursors) {
      const rect = measured(cursor.node());
      if (rect.width > 0) layout.cursor = { x: rect.x + cursor.x, y: rect.y + cursor.y, layer: cursor.layer };
    }
    this.#layout = layout;
    return layout;
  }

  /** It has a place in the frame. */
  shows(id: string): boolean {
    return this.#layout.panes.some(({ pane }) => pane.id === id && this.isMounted(pane));
  }

  /** The pane that is seen at a cell of the terminal; null where there is none, or something lies over it. */
  paneAt(x: number, y: number): { pane: Pane; rect: Rect } | null {
    const isIn = ({ rect }: { rect: Rect }) => holdsCell(rect, x, y);
    const place = this.#layout.panes.findLast(isIn);
    if (place === undefined || !this.isMounted(place.pane)) return null;
    const isCovered = this.#layout.overlays.some((overlay) => overlay.layer > place.pane.layer && isIn(overlay));
    return isCovered ? null : place;
  }

  dispose(): void {
    for (const { changes } of this.#panes.values()) changes.dispose();
    this.#panes.clear();
    this.#overlays.clear();
    this.#cursors.clear();
  }
}

export const PaneRegistryContext = createContext<PaneRegistry | null>(null);

/** How many overlays an element is in. */
export const OverlayLayerContext = createContext(0);

/** Smallest terminal that programs are given; below it many divide by zero. */
const colsMin = 2;
const rowsMin = 1;

const nowhere: Rect = { x: 0, y: 0, width: 0, height: 0 };

function askForSize(source: PaneSource, { width, height }: Rect): void {
  source.resize(Math.max(colsMin, width), Math.max(rowsMin, height));
}

function measured(node: DOMElement | null): Rect {
  if (node === null) return nowhere;
  const { x, y, width, height } = measureElement(node);
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}

function within(area: Rect, place: Rect | undefined): Rect {
  return place === undefined ? area : { ...place, x: area.x + place.x, y: area.y + place.y };
}

function addTo<T>(set: Set<T>, item: T): Disposable {
  set.add(item);
  return disposable(() => set.delete(item));
}
