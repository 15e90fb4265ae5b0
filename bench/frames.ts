import { CellBuffer } from '../src/domain/cells.ts';
import { screenFactory } from '../src/sessions/screen/screen-factory.ts';
import { Compositor } from '../src/ui/screen/compositor.ts';
import { Painter } from '../src/ui/screen/painter.ts';
import type { Figure } from './figure.ts';
import { repetitions } from './options.ts';
import { colourLine } from './sample-text.ts';

const cols = 200;
const rows = 60;
/** Frames that are not counted: code that runs the first times is slow everywhere. */
const warmUpFrames = 300;
const frames = repetitions(500, 200);
const peer = 'none: tmux draws in the same process as it parses';

/** Drawing itself, without a terminal: ms to compose and paint one frame, bytes of one changed cell. Parsing is not in it. */
export async function measure(): Promise<Figure[]> {
  return [
    scrolling('a pane scrolls, 1 pane', 1, 1),
    scrolling('a pane scrolls, 4 panes', 4, 1),
    scrolling('a pane scrolls, 9 panes', 9, 1),
    scrolling('every pane scrolls, 4 panes', 4, 4),
    scrolling('every pane scrolls, 9 panes', 9, 9),
    oneCell(),
  ];
}

function scrolling(name: string, count: number, busy: number): Figure {
  const screen = new PaneScreen(count);
  const ours: number[] = [];
  let bytes = 0;
  for (let n = 0; n < warmUpFrames + frames; n++) {
    for (let pane = 0; pane < busy; pane++) screen.write(pane, `\r\n${colourLine(screen.paneCols - 1)}`);
    const startedAt = performance.now();
    const painted = screen.paint();
    const ms = performance.now() - startedAt;
    if (n < warmUpFrames) continue;
    ours.push(ms);
    bytes += Buffer.byteLength(painted);
  }
  screen.dispose();
  const goals = busy === 1 ? { atLeast: '1 ms', aim: '0.5 ms' } : {};
  return { name, peer, ours, theirs: [], beside: `${(bytes / frames / 1_000).toFixed(1)} KB a frame`, ...goals };
}

function oneCell(): Figure {
  const screen = new PaneScreen(4);
  const ours: number[] = [];
  for (let n = 0; n < warmUpFrames; n++) {
    // Where the cell is, and what colours it has, decide how many bytes it takes.
    const [y, x] = [1 + (n % 25), 1 + ((n * 7) % 90)];
    screen.write(0, `\x1b[${y};${x}H\x1b[38;2;${n % 256};0;99;48;5;${n % 256}m${n % 2 ? 'a' : 'b'}\x1b[m`);
    ours.push(Buffer.byteLength(screen.paint()));
  }
  screen.dispose();
  return { name: 'one changed cell (bytes)', peer, ours, theirs: [], atLeast: '200', aim: '100' };
}

/** Panes in a grid of equal parts, full of colour. */
class PaneScreen {
  readonly paneCols: number;
  readonly #screens;
  readonly #compositor = new Compositor(cols, rows);
  readonly #painter = new Painter(cols, rows);

  constructor(count: number) {
    const columns = Math.ceil(Math.sqrt(count));
    const lines = Math.ceil(count / columns);
    const width = Math.floor(cols / columns) - 1;
    const height = Math.floor(rows / lines) - 1;
    this.paneCols = width;
    this.#screens = Array.from({ length: count }, () => screenFactory.create(width, height));
    const panes = this.#screens.map((screen, n) => ({
      pane: {
        id: String(n),
        layer: 0,
        isFitted: true,
        node: () => null,
        source: { screen, onChange: () => ({ dispose() {}, [Symbol.dispose]() {} }), resize() {} },
      },
      rect: { x: (n % columns) * (width + 1), y: Math.floor(n / columns) * (height + 1) + 1, width, height },
    }));
    this.#compositor.setFrame(new CellBuffer(cols, rows), { panes, overlays: [], cursor: null });
    for (let line = 0; line < height; line++) {
      for (let pane = 0; pane < count; pane++) this.write(pane, `\r\n${colourLine(width - 1)}`);
    }
    this.paint();
  }

  /** Few bytes at once, which are parsed before it returns. */
  write(pane: number, text: string): void {
    this.#screens[pane].write(Buffer.from(text));
  }

  paint(): string {
    const { cells, cursor, isChanged } = this.#compositor.compose('0', performance.now());
    const bytes = this.#painter.paint(cells, cursor, isChanged);
    this.#compositor.painted();
    return bytes;
  }

  dispose(): void {
    for (const screen of this.#screens) screen.dispose();
  }
}
