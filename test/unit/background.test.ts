import { expect, test } from 'vitest';
import { backgroundVariable, isLightBackground } from '../../src/domain/background.ts';

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
