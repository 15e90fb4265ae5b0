import { expect, test } from 'vitest';
import { backgroundVariable, isLightBackground, isLightColour } from '../../src/domain/background.ts';

test.each([
  { background: null, outside: undefined, isLight: false },
  { background: null, outside: '0;15', isLight: true },
  { background: null, outside: '0;default;15', isLight: true },
  { background: null, outside: '12;7', isLight: true },
  { background: null, outside: '15;0', isLight: false },
  { background: null, outside: '15;default', isLight: false },
  { background: null, outside: ';17', isLight: false },
  { background: 'light', outside: '15;0', isLight: true },
  { background: 'dark', outside: '0;15', isLight: false },
] as const)('$background in $outside', ({ background, outside, isLight }) => {
  const told = backgroundVariable(background, outside === undefined ? {} : { COLORFGBG: outside });
  expect(isLightBackground(told)).toBe(isLight);
});

test.each([
  ['rgb:ffff/ffff/ffff', true],
  ['rgb:fdfd/f6f6/e3e3', true],
  ['rgb:ff/ff/ff', true],
  ['rgb:f/f/f', true],
  ['rgba:ffff/ffff/ffff/8000', true],
  ['rgb:1e1e/1e1e/2e2e', false],
  ['rgb:0/0/0', false],
  ['rgb:0000/0000/ffff', false],
  ['rgb:0000/ffff/0000', true],
  ['#ffffff', null],
  ['rgb:ffff/ffff', null],
  ['rgb:fffff/0/0', null],
  ['', null],
])('%s is light: %s', (colour, isLight) => {
  expect(isLightColour(colour)).toBe(isLight);
});
