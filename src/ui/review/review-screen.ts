import type { Disposable } from '../../base/disposable.ts';
import { CellBuffer } from '../../domain/cells.ts';
import { noCursor, stillModes } from '../../domain/screen-state.ts';
import type { Screen } from '../../ports/screen.ts';
import type { MouseEvent } from '../input/mouse-event.ts';
import { copyArea } from '../screen/cell-area.ts';
import type { PaneSource } from '../screen/pane-registry.ts';
import type { ThemeName } from '../theme.ts';
import { drawReview, type FileStanding } from './draw-review.ts';
import { looksOf } from './review-looks.ts';
import type { ReviewView } from './review-view.ts';
import { Syntax } from './syntax.ts';

const wheelRows = 3;

/** A review as a pane: its cells are drawn here, without Ink, and only when something changed. */
export class ReviewScreen implements PaneSource, Screen, Disposable {
  readonly isOwn = true;
  readonly modes = stillModes;
  readonly cursor = noCursor;
  readonly #view: ReviewView;
  readonly #theme: ThemeName;
  readonly #syntax: Syntax;
  readonly #changes: Disposable;
  /** How files stand to what other runs change. */
  standing: ReadonlyMap<string, FileStanding> = new Map();
  revision = 1;

  /** `highlighter`: the thread that knows the colours of languages; null: there are none. */
  constructor(view: ReviewView, highlighter: URL | null, theme: ThemeName) {
    this.#view = view;
    this.#theme = theme;
    this.#syntax = new Syntax(highlighter, () => view.changes.emit());
    this.#changes = view.changes.on(() => {
      this.revision++;
    });
  }

  get screen(): Screen {
    return this;
  }

  get cols(): number {
    return this.#view.size.cols;
  }

  get rows(): number {
    return this.#view.size.rows;
  }

  setStanding(standing: ReadonlyMap<string, FileStanding>): void {
    this.standing = standing;
    this.#view.changes.emit();
  }

  onChange(listener: () => void): Disposable {
    return this.#view.changes.on(listener);
  }

  resize(cols: number, rows: number): void {
    this.#view.resize(cols, rows);
  }

  /** In cells of this screen. */
  onMouse({ kind, wheel, button }: MouseEvent, x: number, y: number): void {
    const view = this.#view;
    if (kind === 'wheel') view.scroll(wheel * wheelRows);
    if (kind !== 'press' || button !== 'left' || y < 1) return;
    const row = view.top + y - 1;
    const isAgain = view.cursor === row;
    if (x < view.listCols) view.goToFile(view.listed(y - 1));
    else if (isAgain && view.row?.kind === 'file') view.toggleFold();
    else view.goTo(row);
  }

  rowRevision(): number {
    return this.revision;
  }

  write(_data: Uint8Array | string, done?: () => void): void {
    done?.();
  }

  blit(target: CellBuffer, x: number, y: number, width: number, height: number, firstRow = 0): void {
    const cells = new CellBuffer(this.cols, this.rows);
    const looks = looksOf[this.#theme];
    drawReview(cells, { view: this.#view, syntax: this.#syntax, standing: this.standing, looks });
    copyArea(cells, 0, firstRow, target, { x, y, width, height });
  }

  dispose(): void {
    this.#syntax.dispose();
    this.#changes.dispose();
  }
}
