import { expect, test } from 'vitest';
import { type Player, type PlayerAction, play } from '../../src/ui/replay/player.ts';
import { actionOfKey } from '../../src/ui/replay/player-keys.ts';

const player: Player = { at: 10, length: 100, speed: 1, isPaused: false };

test.for<[string, Partial<Player>, PlayerAction, Partial<Player>]>([
  ['time passes', {}, { type: 'tick', ms: 500 }, { at: 10.5 }],
  ['faster', { speed: 4 }, { type: 'tick', ms: 500 }, { at: 12 }],
  ['slower', { speed: 0.25 }, { type: 'tick', ms: 1000 }, { at: 10.25 }],
  ['not while paused', { isPaused: true }, { type: 'tick', ms: 500 }, {}],
  ['to the end, where it pauses', { at: 99.9 }, { type: 'tick', ms: 500 }, { at: 100, isPaused: true }],
  ['pause', {}, { type: 'pause' }, { isPaused: true }],
  ['and on', { isPaused: true }, { type: 'pause' }, { isPaused: false }],
  ['again from the beginning', { at: 100, isPaused: true }, { type: 'pause' }, { at: 0, isPaused: false }],
  ['back', {}, { type: 'seek', by: -5 }, { at: 5 }],
  ['not before the beginning', {}, { type: 'seek', by: -30 }, { at: 0 }],
  ['not beyond the end', { at: 90 }, { type: 'seek', by: 30 }, { at: 100 }],
  ['a step pauses', {}, { type: 'step', to: 10.2 }, { at: 10.2, isPaused: true }],
  ['no step beyond the last', {}, { type: 'step', to: null }, {}],
  ['a tenth', {}, { type: 'jump', share: 0.7 }, { at: 70 }],
  ['speed up', {}, { type: 'speed', by: 1 }, { speed: 2 }],
  ['speed down', {}, { type: 'speed', by: -1 }, { speed: 0.5 }],
  ['fastest', { speed: 16 }, { type: 'speed', by: 1 }, {}],
  ['slowest', { speed: 0.25 }, { type: 'speed', by: -1 }, {}],
  ['from a speed of its own', { speed: 3 }, { type: 'speed', by: 1 }, { speed: 4 }],
])('%s', ([, before, action, after]) => {
  const start = { ...player, ...before };
  expect(play(start, action)).toEqual({ ...start, ...after });
});

test('keys', () => {
  const moments = { timeAfter: (at: number) => at + 1, timeBefore: () => null };
  const actionOf = (key: string) => actionOfKey(key, player, moments);
  expect([' ', 'left', 'up', '.', ',', '=', '-', '3', 'end', 'x'].map(actionOf)).toEqual([
    { type: 'pause' },
    { type: 'seek', by: -5 },
    { type: 'seek', by: 30 },
    { type: 'step', to: 11 },
    { type: 'step', to: null },
    { type: 'speed', by: 1 },
    { type: 'speed', by: -1 },
    { type: 'jump', share: 0.3 },
    { type: 'jump', share: 1 },
    null,
  ]);
});
