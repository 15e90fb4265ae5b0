import { afterEach, expect, test, vi } from 'vitest';
import { attribute, CellBuffer } from '../../../src/domain/cells.ts';
import type { CopyEffect } from '../../../src/ui/copy/copy-keys.ts';
import { CopyPane } from '../../../src/ui/copy/copy-pane.ts';
import { FakeLivePane } from '../../support/fake-live-pane.ts';

let live: FakeLivePane;
let pane: CopyPane;
let effects: CopyEffect[];
let failures: unknown[];

function open(lines: readonly string[], cols = 20, rows = 4): void {
  live = new FakeLivePane(lines, cols, rows);
  effects = [];
  failures = [];
  pane = new CopyPane({
    live: {
      screen: () => live.screen,
      onScroll: (listener) => live.onScroll(listener),
      resize: (cols, rows) => live.resize(cols, rows),
    },
    load: live.history,
    onEffect: (effect) => effects.push(effect),
    onFailure: (failure) => failures.push(failure),
    onChange() {},
  });
}

afterEach(() => {
  pane.dispose();
  expect(live.listeners).toBe(0);
});

async function ready(): Promise<void> {
  await vi.waitFor(() => expect(pane.isReady).toBe(true));
}

/** What the pane shows, a row a line. */
function shown(): string[] {
  const cells = cellsOf();
  return Array.from({ length: cells.rows }, (_, y) => cells.rowText(y));
}

function cellsOf(): CellBuffer {
  const { cols, rows } = pane.screen;
  const cells = new CellBuffer(cols, rows);
  // What was there before must not shine through.
  cells.text.fill('#');
  pane.screen.blit(cells, 0, 0, cols, rows);
  return cells;
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `row ${index + 1}`);

test('it opens at the newest lines and says where one is', async () => {
  open(numbered(10));
  expect(pane.title).toBe('copy: loading…');
  await ready();
  expect(shown()).toEqual(['row 7', 'row 8', 'row 9', 'row 10']);
  expect(pane.title).toBe('copy 10/10');
  pane.press('g');
  expect(shown()).toEqual(['row 1', 'row 2', 'row 3', 'row 4']);
  expect(pane.title).toBe('copy 1/10');
  expect(pane.screen.cursor).toMatchObject({ x: 0, y: 0, isVisible: true });
});

test('the place is kept while the program goes on; r takes in what came, G goes there', async () => {
  open(numbered(10));
  await ready();
  pane.press('pageup');
  const before = shown();
  live.print(...numbered(1_234));
  expect(shown()).toEqual(before);
  expect(pane.title).toBe('copy 8/10 +1,234 new');
  pane.press('r');
  await vi.waitFor(() => expect(pane.title).toBe('copy 8/1,244'));
  expect(shown()).toEqual(before);
  pane.press('G');
  expect(pane.title).toBe('copy 1,244/1,244');
  live.print('the newest');
  pane.press('G');
  await vi.waitFor(() => expect(shown().at(-1)).toBe('the newest'));
  // There is nothing new: nothing is asked for.
  const { loads } = live;
  pane.press('G');
  expect(live.loads).toBe(loads);
});

test('output that was skipped is told as well', async () => {
  open(numbered(10));
  await ready();
  live.print('x');
  live.skip();
  expect(pane.title).toBe('copy 10/10 +1 and more new');
});

test('keys that come while it loads are not lost', async () => {
  open(numbered(10));
  for (const key of ['g', 'V', 'j', 'y']) pane.press(key);
  await ready();
  await vi.waitFor(() => expect(effects).toEqual([{ kind: 'copy', text: 'row 1\nrow 2', isLeaving: true }]));
});

test('a history that cannot be had is told', async () => {
  live = new FakeLivePane([]);
  open(['x']);
  await ready();
  live.failure = new Error('the disk is full');
  live.print('y');
  pane.press('r');
  pane.press('k');
  await vi.waitFor(() => expect(failures).toEqual([live.failure]));
  expect(pane.title).toContain('copy 1/4');
});

test('the oldest lines fall away behind it: the place is found again', async () => {
  open(numbered(60));
  await ready();
  for (const key of ['ctrl+u', 'ctrl+u', 'ctrl+u']) pane.press(key);
  const before = shown();
  live.printed.splice(0, 17);
  live.print('new');
  pane.press('r');
  await vi.waitFor(() => expect(pane.title).toBe('copy 37/44'));
  expect(shown()).toEqual(before);
});

test('another width keeps the line on top, however the lines wrap then', async () => {
  open(numbered(40).map((row) => `${row} and more of it`));
  await ready();
  for (let count = 0; count < 8; count++) pane.press('ctrl+u');
  expect(shown()[0]).toBe('row 31 and more of i');
  pane.resize(10, 6);
  expect(live.sizes).toEqual(['10x6']);
  expect(shown()).toEqual(
    ['row 31 and', 'more of i', 't', 'row 32 and', 'more of i', 't'].map((row) => expect.stringContaining(row)),
  );
  pane.resize(30, 3);
  expect(shown()).toEqual(['row 31 and more of it', 'row 32 and more of it', 'row 33 and more of it']);
  pane.resize(30, 100);
  expect(shown().slice(0, 2)).toEqual(['row 1 and more of it', 'row 2 and more of it']);
  expect(shown().at(-1)).toBe('');
});

test('what is found is marked without colours too, what is selected is inverse', async () => {
  open(['one two', 'two 漢 two', 'three', 'end']);
  await ready();
  for (const key of ['g', '/', 't', 'w', 'o', 'enter']) pane.press(key);
  expect(pane.title).toBe('copy 1/4 1/3');
  const marks = (row: number, bit: number) =>
    Array.from({ length: 11 }, (_, x) => ((cellsOf().attributes[row * 20 + x] ?? 0) & bit ? '^' : ' ')).join('');
  expect(marks(0, attribute.underline)).toBe('    ^^^    ');
  expect(marks(1, attribute.underline)).toBe('^^^    ^^^ ');
  expect(marks(0, attribute.bold)).toBe('    ^^^    ');
  for (const key of ['j', '0', 'w', 'v']) pane.press(key);
  expect(marks(1, attribute.inverse)).toBe('    ^^     ');
  pane.press('V');
  expect(marks(1, attribute.inverse)).toBe('^^^^^^^^^^^');
  expect(cellsOf().width.slice(20, 31)).toEqual(Uint8Array.from([1, 1, 1, 1, 2, 0, 1, 1, 1, 1, 1]));
});
