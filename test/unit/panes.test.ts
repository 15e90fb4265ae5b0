import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KeptPanes } from '../../src/config/kept-panes.ts';
import { firstArrangement, paneLayouts } from '../../src/domain/arrangement.ts';
import { movePane, nextLayout, togglePin } from '../../src/ui/app/arrange-panes.ts';
import { paneCapacity, paneSessions, visiblePanes } from '../../src/ui/app/pane-layout.ts';
import { splitPanes } from '../../src/ui/app/split-panes.ts';
import { session } from '../support/project-view.ts';

const names = ['a', 'b', 'c', 'd', 'e'];

test.each(paneLayouts.flatMap((layout) => [1, 2, 3, 5].map((count) => ({ layout, count }))))(
  '$count panes as $layout fill the area, each once and in order',
  ({ layout, count }) => {
    for (const [cols, rows] of [
      [61, 13],
      [200, 57],
    ] as const) {
      const places = splitPanes(layout, names.slice(0, count), cols, rows);
      expect(places.map(({ pane }) => pane)).toEqual(names.slice(0, count));
      const taken = Array.from({ length: rows }, () => new Uint8Array(cols));
      for (const place of places) {
        const width = place.cols + Number(place.hasLine);
        for (let y = place.y; y < place.y + place.rows; y++)
          for (let x = place.x; x < place.x + width; x++) taken[y]![x]! += 1;
      }
      expect(taken.every((row) => row.every((times) => times === 1))).toBe(true);
    }
  },
);

test('the first pane of the main layout is the largest', () => {
  expect(splitPanes('main', ['a', 'b', 'c'], 100, 30)).toEqual([
    { pane: 'a', x: 0, y: 0, cols: 59, rows: 30, hasLine: true },
    { pane: 'b', x: 60, y: 0, cols: 40, rows: 15, hasLine: false },
    { pane: 'c', x: 60, y: 15, cols: 40, rows: 15, hasLine: false },
  ]);
});

test('each layout shows as many panes as can be read', () => {
  expect(paneLayouts.map((layout) => paneCapacity(85, 22, layout))).toEqual([20, 6, 4, 5]);
  expect(paneLayouts.map((layout) => paneCapacity(10, 2, layout))).toEqual([1, 2, 1, 1]);
});

test('a pinned pane stays in sight wherever the selection goes, and the selected one always has a place', () => {
  const panes = Array.from('abcdefgh', (id) => ({ id }));
  const seen = (selected: string, pinned: string[], capacity = 3) =>
    visiblePanes(panes, selected, pinned, capacity)
      .map(({ id }) => id)
      .join('');
  expect(seen('h', ['a'])).toBe('agh');
  expect(seen('h', ['a', 'b', 'c'])).toBe('abh');
  expect(seen('h', ['a'], 1)).toBe('h');
});

test('a pane that is moved changes places with its neighbour, and newer ones come behind', () => {
  const sessions = ['a', 'b', 'c'].map((id) => session(id, id, 'busy'));
  const ids = sessions.map(({ id }) => id);
  const moved = movePane(firstArrangement, ids, 'c-1.abcd', -1);
  const newer = { ...session('d', 'd', 'busy'), startedAt: 9 };
  expect(paneSessions([newer, ...sessions], new Set(), moved).map(({ id }) => id[0])).toEqual(['a', 'c', 'b', 'd']);
  expect(movePane(moved, ids, 'a-1.abcd', -1)).toBe(moved);
});

test('an ended pane gives way to the next of its worker, unless it is pinned', () => {
  const old = { ...session('a', 'ada', 'exited'), endedAt: 2 };
  const next = { ...session('b', 'ada', 'busy'), startedAt: 9 };
  expect(paneSessions([old, next], new Set())).toEqual([next]);
  const pinned = togglePin(firstArrangement, [old.id], old.id);
  expect(paneSessions([old, next], new Set(), pinned)).toEqual([old, next]);
  expect(togglePin(pinned, [old.id, next.id], old.id).pinned).toEqual([]);
});

test('the sessions of one task stand together, also when one comes later', () => {
  const [a, b] = ['a', 'b'].map((id) => session(id, id, 'busy'));
  const shell = { ...session('a', 'a', 'unknown'), id: 'a-1.shell', startedAt: 9 };
  const inPlaces = (order: string[]) =>
    paneSessions([shell, a!, b!], new Set(), { ...firstArrangement, order }).map(({ id }) => id);
  expect(inPlaces([])).toEqual(['a-1.abcd', 'a-1.shell', 'b-1.abcd']);
  expect(inPlaces(['b-1.abcd', 'a-1.abcd'])).toEqual(['b-1.abcd', 'a-1.abcd', 'a-1.shell']);
  expect(inPlaces(['a-1.abcd', 'b-1.abcd', 'a-1.shell'])).toEqual(['a-1.abcd', 'b-1.abcd', 'a-1.shell']);
});

test('what is pinned and gone is forgotten', () => {
  const arrangement = { ...firstArrangement, pinned: ['gone'], order: ['gone', 'a'] };
  expect(togglePin(arrangement, ['a'], 'a')).toEqual({ layout: 'grid', order: ['a'], pinned: ['a'] });
});

test('the layouts come around', () => {
  let arrangement = firstArrangement;
  for (const _layout of paneLayouts) arrangement = nextLayout(arrangement);
  expect(arrangement).toEqual(firstArrangement);
});

test('how panes stand is kept for each project, and a broken file is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forge-panes-'));
  try {
    const file = join(folder, 'panes.json');
    new KeptPanes(file).keep('/p', { ...firstArrangement, layout: 'rows' });
    new KeptPanes(file).keep('/q', firstArrangement);
    expect(new KeptPanes(file).of('/p')).toEqual({ ...firstArrangement, layout: 'rows' });
    new KeptPanes(file).keepNames({ one: 'oven', two: 'till' });
    new KeptPanes(file).keep('/q', firstArrangement);
    new KeptPanes(file).keepNames({ two: '', three: 'door' });
    expect(new KeptPanes(file).names()).toEqual({ one: 'oven', three: 'door' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const broken of ['{"/p": ', '{"/p": {"layout": "pile"}}']) {
      writeFileSync(file, broken);
      expect(new KeptPanes(file).of('/p')).toBeNull();
    }
    new KeptPanes(join(folder, 'missing', 'panes.json')).keep('/p', firstArrangement);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
