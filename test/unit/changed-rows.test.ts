import { expect, test } from 'vitest';
import { CellBuffer } from '../../src/domain/cells.ts';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { fillArea } from '../../src/ui/screen/cell-area.ts';
import { Compositor } from '../../src/ui/screen/compositor.ts';
import { Painter } from '../../src/ui/screen/painter.ts';
import type { Pane, ScreenLayout } from '../../src/ui/screen/pane-registry.ts';
import { seededRandom } from '../support/random.ts';

const cols = 60;
const rows = 20;

/** Pieces of output that change rows in every way that a terminal knows. */
const pieces: ((n: (below: number) => number) => string)[] = [
  (n) => 'abcdefghijklmnopqrstuvwxyz'.slice(0, n(26)),
  () => '\r\n',
  () => '漢字e\u0301',
  (n) => `\x1b[${n(12)};${n(30)}H`,
  (n) => `\x1b[${n(3)}J`,
  (n) => `\x1b[${n(3)}K`,
  (n) => `\x1b[${n(4)}L`,
  (n) => `\x1b[${n(4)}M`,
  (n) => `\x1b[${n(4)}S`,
  (n) => `\x1b[${n(4)}T`,
  (n) => `\x1b[${n(5)}@`,
  (n) => `\x1b[${n(5)}P`,
  (n) => `\x1b[${n(5)}X`,
  (n) => `\x1b[${1 + n(4)};${5 + n(6)}r`,
  () => '\x1b[r',
  () => '\x1bM',
  () => '\x1bD',
  () => '\x1b#8',
  (n) => `\x1b[${30 + n(8)};${n(9)}m`,
  (n) => (n(2) ? '\x1b[?1049h' : '\x1b[?1049l'),
  (n) => (n(9) ? '' : '\x1bc'),
  (n) => (n(2) ? '\x1b[4h' : '\x1b[4l'),
  (n) => `x\x1b[${n(20)}b`,
  (n) => (n(2) ? '\x1b[?25h' : '\x1b[?25l'),
];

test.each([1, 2, 3, 4, 5, 6])(
  'painting the rows that changed shows what painting all of them shows (seed %i)',
  (seed) => {
    const random = seededRandom(seed);
    const n = (below: number) => Math.floor(random() * below);
    const screens = [new Emulator(30, 8, { isEager: true }), new Emulator(28, 14, { isEager: true })];
    const outer = new Emulator(cols, rows, { isEager: true });
    const panes: Pane[] = screens.map((screen, index) => ({
      id: String(index),
      source: { screen, onChange: () => ({ dispose() {} }), resize() {} },
      layer: index === 1 ? n(2) : 0,
      isFitted: false,
      node: () => null,
    }));
    const compositor = new Compositor(cols, rows);
    const painter = new Painter(cols, rows);
    let chrome = new CellBuffer(cols, rows);
    let layout: ScreenLayout = { panes: [], overlays: [], cursor: null };
    const layOut = () => {
      chrome = new CellBuffer(cols, rows);
      fillArea(chrome, { x: 0, y: 0, width: cols, height: rows }, '#+-'[n(3)] ?? '#');
      layout = {
        panes: panes.map((pane, index) => ({
          pane,
          rect: { x: index * 30, y: n(4), width: 20 + n(12), height: 6 + n(8) },
        })),
        overlays: n(2) ? [{ layer: 1, rect: { x: n(40), y: n(10), width: 15, height: 5 } }] : [],
        cursor: null,
      };
      compositor.setFrame(chrome, layout);
    };
    layOut();
    for (let step = 0; step < 150; step++) {
      if (n(15) === 0) layOut();
      for (const screen of screens) {
        if (n(20) === 0) screen.resize(20 + n(20), 5 + n(10));
        for (let count = n(4); count > 0; count--) screen.write(pieces[n(pieces.length)]?.(n) ?? '');
      }
      const frame = compositor.compose('0', step * 1_000);
      outer.write(painter.paint(frame.cells, frame.cursor, frame.isChanged));
      compositor.painted();
      const whole = new Compositor(cols, rows);
      whole.setFrame(chrome, layout);
      const expected = whole.compose('0', step * 1_000).cells;
      const onTheTerminal = new Painter(cols, rows);
      const second = new Emulator(cols, rows, { isEager: true });
      second.write(onTheTerminal.paint(expected, null));
      expect(outer.text(), `seed ${seed}, step ${step}`).toBe(second.text());
      expect(look(outer), `seed ${seed}, step ${step}`).toEqual(look(second));
      second.dispose();
    }
  },
);

function look(screen: Emulator): string {
  const cells = new CellBuffer(cols, rows);
  screen.blit(cells, 0, 0, cols, rows);
  return [...cells.foreground, ...cells.background, ...cells.attributes].join();
}
