import { expect, test } from 'vitest';
import { CellBuffer } from '../../src/domain/cells.ts';
import { fillArea } from '../../src/ui/screen/cell-area.ts';
import { Compositor, synchronizedOutputMsMax } from '../../src/ui/screen/compositor.ts';
import type { Pane, ScreenLayout } from '../../src/ui/screen/pane-registry.ts';
import { FakePane } from '../support/fake-pane.ts';

const cols = 12;
const rows = 6;

function composed(source: FakePane, layout: Partial<ScreenLayout> = {}) {
  return compositorOf(source, layout).compose;
}

function compositorOf(source: FakePane, layout: Partial<ScreenLayout> = {}) {
  const chrome = new CellBuffer(cols, rows);
  fillArea(chrome, { x: 0, y: 0, width: cols, height: rows }, '#');
  const pane: Pane = { id: 'a', source, layer: 0, isFitted: false, node: () => null };
  const compositor = new Compositor(cols, rows);
  const rect = { x: 2, y: 1, width: 6, height: 3 };
  compositor.setFrame(chrome, { panes: [{ pane, rect }], overlays: [], cursor: null, ...layout });
  const compose = (typingIn: string | null = 'a', now = 0) => {
    const { cells, cursor, waitMs } = compositor.compose(typingIn, now);
    return { lines: Array.from({ length: rows }, (_, y) => cells.rowText(y)), cursor, waitMs };
  };
  return { compositor, compose };
}

const edge = '############';

test('a smaller screen leaves the rest blank', () => {
  const source = new FakePane(3, 2);
  source.print('abc');
  expect(composed(source)().lines).toEqual([edge, '##abc   ####', '##      ####', '##      ####', edge, edge]);
});

test('a larger screen is cut, and the row of its cursor stays in sight', () => {
  const source = new FakePane(10, 6);
  source.print('1111111111\r\n2\r\n3\r\n4\r\n5');
  const show = composed(source);
  expect(show().lines).toEqual([edge, '##3     ####', '##4     ####', '##5     ####', edge, edge]);
  expect(show().cursor).toMatchObject({ x: 3, y: 3 });
  source.print('\u001b[H');
  expect(show().lines[1]).toBe('##111111####');
  expect(show().cursor).toMatchObject({ x: 2, y: 1 });
});

test('a cell of a screen has a place on the terminal as long as that shows all of the screen', () => {
  const source = new FakePane(10, 6);
  source.print('1\r\n2\r\n3\r\n4\r\n5');
  const { compositor, compose } = compositorOf(source);
  expect(compositor.placeOf(source.screen, 1, 4)).toBeNull();
  compose();
  expect(compositor.placeOf(source.screen, 1, 4)).toEqual({ x: 3, y: 3 });
  expect(compositor.placeOf(new FakePane().screen, 1, 4)).toBeNull();
  for (const [x, y] of [
    [6, 4],
    [1, 1],
    [1, 5],
  ])
    expect(compositor.placeOf(source.screen, x, y)).toBeNull();
  source.print('6');
  expect(compositor.placeOf(source.screen, 2, 4)).toBeNull();
  compose();
  expect(compositor.placeOf(source.screen, 2, 4)).toEqual({ x: 4, y: 3 });
});

test('the cursor is hidden with the program, outside the rectangle, under a dialog, and for nobody who types', () => {
  const source = new FakePane(10, 3);
  source.print('ab');
  const show = composed(source);
  expect(show().cursor).toMatchObject({ x: 4, y: 1, isVisible: true });
  expect(show(null).cursor).toBeNull();
  source.print('\u001b[?25l');
  expect(show().cursor).toBeNull();
  source.print('\u001b[?25h\u001b[1;9H');
  expect(show().cursor).toBeNull();
  source.print('\u001b[1;1H');
  const covered = composed(source, { overlays: [{ layer: 1, rect: { x: 1, y: 0, width: 3, height: 3 } }] })();
  expect(covered.cursor).toBeNull();
  expect(covered.lines.slice(0, 4)).toEqual([edge, '####    ####', '####    ####', '##      ####']);
});

test('an unfinished frame of a program waits, but not for ever', () => {
  const source = new FakePane(6, 3);
  source.print('old');
  const show = composed(source);
  show();
  source.print('\u001b[?2026h\rnew');
  expect(show('a', 1000)).toMatchObject({ waitMs: synchronizedOutputMsMax });
  expect(show('a', 1150)).toMatchObject({ waitMs: 50, lines: expect.arrayContaining(['##old   ####']) });
  expect(show('a', 1200)).toMatchObject({ waitMs: null, lines: expect.arrayContaining(['##new   ####']) });
});
