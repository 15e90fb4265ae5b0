import { expect, test } from 'vitest';
import type { ScreenModes } from '../../src/domain/screen-state.ts';
import { type MouseEvent, parseMouseReport } from '../../src/ui/input/mouse-event.ts';
import { encodeMouse } from '../../src/ui/input/mouse-report.ts';
import { createMouseRouter, type MouseTarget } from '../../src/ui/input/mouse-router.ts';

const none = { shift: false, alt: false, ctrl: false };

function event(patch: Partial<MouseEvent> = {}): MouseEvent {
  return { kind: 'press', button: 'left', x: 4, y: 2, modifiers: none, wheel: 0, code: 0, ...patch };
}

const bytes = (text: string) => text.replaceAll('^', '\u001b');
const shown = (text: string) => text.replaceAll('\u001b', '^');

// What happened, and the report of it in each encoding: default, UTF-8, SGR, urxvt.
const events: [name: string, event: MouseEvent, plain: string, utf8: string, sgr: string, urxvt: string][] = [
  ['a press', event(), '^[M %#', '^[M %#', '^[<0;5;3M', '^[32;5;3M'],
  ['the right one', event({ button: 'right', code: 2 }), '^[M"%#', '^[M"%#', '^[<2;5;3M', '^[34;5;3M'],
  ['ctrl and press', event({ modifiers: { ...none, ctrl: true } }), '^[M0%#', '^[M0%#', '^[<16;5;3M', '^[48;5;3M'],
  ['a drag', event({ kind: 'drag' }), '^[M@%#', '^[M@%#', '^[<32;5;3M', '^[64;5;3M'],
  ['a move', event({ kind: 'move', button: 'none', code: 3 }), '^[MC%#', '^[MC%#', '^[<35;5;3M', '^[67;5;3M'],
  ['the wheel up', wheel(-1, 64), '^[M`%#', '^[M`%#', '^[<64;5;3M', '^[96;5;3M'],
  ['the wheel down', wheel(1, 65), '^[Ma%#', '^[Ma%#', '^[<65;5;3M', '^[97;5;3M'],
  ['the wheel sideways', wheel(0, 66), '^[Mb%#', '^[Mb%#', '^[<66;5;3M', '^[98;5;3M'],
  [
    'a place far out',
    event({ x: 222, y: 99 }),
    '^[M \u00ff\u0084',
    '^[M \u00c3\u00bf\u00c2\u0084',
    '^[<0;223;100M',
    '^[32;223;100M',
  ],
];

function wheel(turn: -1 | 0 | 1, code: number): MouseEvent {
  return event({ kind: 'wheel', button: 'none', wheel: turn, code });
}

test.each(events)('%s, read and written', (_name, happened, plain, utf8, sgr, urxvt) => {
  for (const report of [plain, sgr, urxvt]) expect(parseMouseReport(bytes(report))).toEqual(happened);
  const written = (['default', 'utf8', 'sgr', 'urxvt'] as const).map((mouseEncoding) =>
    shown(encodeMouse(happened, happened.x, happened.y, { mouse: 'any', mouseEncoding })),
  );
  expect(written).toEqual([plain, utf8, sgr, urxvt]);
});

test('a release: only SGR says of which button', () => {
  const release = event({ kind: 'release' });
  const nameless = event({ kind: 'release', button: 'none', code: 3 });
  expect(parseMouseReport(bytes('^[<0;5;3m'))).toEqual(release);
  expect(['^[M#%#', '^[35;5;3M'].map((report) => parseMouseReport(bytes(report)))).toEqual([nameless, nameless]);
  const written = (['default', 'utf8', 'sgr', 'urxvt'] as const).map((mouseEncoding) =>
    shown(encodeMouse(release, 4, 2, { mouse: 'vt200', mouseEncoding })),
  );
  expect(written).toEqual(['^[M#%#', '^[M#%#', '^[<0;5;3m', '^[35;5;3M']);
});

test.each(['^[<0;0;3M', '^[<0;99999;3M', '^[<0;3M', '^[M %', '^[5;5;5M', '^[1;5A', 'a'])(
  '%j is no report',
  (report) => {
    expect(parseMouseReport(bytes(report))).toBeNull();
  },
);

const all = ['press', 'release', 'wheel', 'drag', 'move'] as const;

test.each([
  ['none', []],
  ['x10', ['press']],
  ['vt200', ['press', 'release', 'wheel']],
  ['drag', ['press', 'release', 'wheel', 'drag']],
  ['any', all],
] as const)('a program with mode %s hears of %j', (mouse, heard) => {
  const told = all.filter((kind) => encodeMouse(event({ kind }), 4, 2, { mouse, mouseEncoding: 'sgr' }) !== '');
  expect(told).toEqual(heard);
});

test('a place that an encoding cannot say is not told at all', () => {
  const at = (x: number, mouseEncoding: ScreenModes['mouseEncoding']) =>
    encodeMouse(event({ x }), x, 2, { mouse: 'any', mouseEncoding }) !== '';
  expect([at(222, 'default'), at(223, 'default'), at(2014, 'utf8'), at(2015, 'utf8'), at(5000, 'sgr')]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});

/** Two panes side by side, ten columns each; the left one is typed into. */
function world(modes: Partial<MouseTarget['modes']> = {}) {
  const log: string[] = [];
  const state = { typing: 'left' as string | null };
  const target = (pane: string): MouseTarget => ({
    pane,
    modes: {
      mouse: 'drag',
      mouseEncoding: 'sgr',
      alternateScreen: false,
      alternateScroll: false,
      applicationCursorKeys: false,
      ...modes,
    },
    send: (sent) => log.push(`${pane} ${shown(Buffer.from(sent).toString('latin1'))}`),
  });
  const route = createMouseRouter({
    target: () => (state.typing === null ? null : target(state.typing)),
    paneAt: (x, y) => (x < 20 ? { pane: x < 10 ? 'left' : 'right', x: x % 10, y, isOnScreen: y < 5 } : null),
    nearestIn: (_pane, x, y) => ({ x: Math.min(x, 9), y: Math.min(y, 4) }),
    onMouse: ({ kind }, pane) => log.push(`nobody: ${kind} in ${pane}`),
  });
  return {
    log,
    state,
    report(...reports: string[]) {
      for (const report of reports) route(parseMouseReport(bytes(report))!);
    },
  };
}

test('the program that is typed into gets the mouse over its screen, nobody else', () => {
  const { log, report } = world();
  report('^[<0;3;2M', '^[<0;3;2m', '^[<0;13;2M', '^[<0;13;2m', '^[<64;3;9M', '^[<0;30;2M', '^[<0;30;2m');
  expect(log).toEqual([
    'left ^[<0;3;2M',
    'left ^[<0;3;2m',
    'nobody: press in right',
    'nobody: release in right',
    'nobody: wheel in left',
    'nobody: press in null',
    'nobody: release in null',
  ]);
});

test('a drag stays with the program that got the press, at the edge of its screen', () => {
  const { log, report } = world();
  report('^[<0;3;2M', '^[<32;15;9M', '^[<0;30;9m', '^[<0;13;2M', '^[<32;3;2M', '^[<0;3;2m');
  expect(log).toEqual([
    'left ^[<0;3;2M',
    'left ^[<32;10;5M',
    'left ^[<0;10;5m',
    'nobody: press in right',
    'nobody: drag in left',
    'nobody: release in left',
  ]);
});

test('a click that brings a pane into focus is no click for its program, nor is its end', () => {
  const { log, state, report } = world();
  report('^[<0;13;2M');
  state.typing = 'right';
  report('^[<0;13;2m', '^[<0;13;2M');
  expect(log).toEqual(['nobody: press in right', 'nobody: release in right', 'right ^[<0;3;2M']);
});

test('a release without a name is that of the button that is held', () => {
  const { log, report } = world();
  report('^[M"%#', '^[M#%#');
  expect(log).toEqual(['left ^[<2;5;3M', 'left ^[<2;5;3m']);
});

test('the wheel becomes arrow keys where the program asked for that, on the alternate screen', () => {
  const up = '^[<64;3;2M';
  const without = { mouse: 'none' as const, alternateScreen: true };
  const logs = [
    without,
    { ...without, alternateScroll: true },
    { ...without, alternateScroll: true, applicationCursorKeys: true },
    { ...without, alternateScroll: true, alternateScreen: false },
  ].map((modes) => {
    const { log, report } = world(modes);
    report(up);
    return log;
  });
  expect(logs).toEqual([['nobody: wheel in left'], ['left ^[A^[A^[A'], ['left ^OA^OA^OA'], ['nobody: wheel in left']]);
});
