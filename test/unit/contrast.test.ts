import { expect, test } from 'vitest';
import { paletteColour, rgbColour } from '../../src/domain/cells.ts';
import { paletteRgb } from '../../src/domain/palette.ts';
import { darkPicture, lightPicture, type PictureTheme } from '../../src/ui/picture/picture-theme.ts';
import { looksOf } from '../../src/ui/review/review-looks.ts';
import { colours, themes } from '../../src/ui/theme.ts';

/** What WCAG 2.2 asks of text of this size. */
const contrastMin = 4.5;

/** A terminal of that kind of background, with a theme for it. */
const cases = [
  ['dark', darkPicture],
  ['light', lightPicture],
] as const;

test.each(cases)('every text of the %s theme is read on what it stands on', (name, terminal) => {
  const pairs = [...pairsOfMeanings(), ...pairsOfReview(name)];
  const weak = pairs.flatMap(([what, text, ground]) => {
    const ratio = contrast(
      shown(text, name, terminal, terminal.foreground),
      shown(ground, name, terminal, terminal.background),
    );
    return ratio < contrastMin ? [`${what}: ${ratio.toFixed(2)}`] : [];
  });
  expect(weak).toEqual([]);
});

/** What it is, its colour and that of its ground, as in `CellBuffer`. */
type Pair = readonly [string, number, number];

const inkNumbers: Record<string, number> = { red: 1, green: 2, yellow: 3, cyan: 6, gray: 8 };

/** Inverse is the same pair the other way round. */
function pairsOfMeanings(): Pair[] {
  return Object.entries(colours).map(([meaning, ink]) => [meaning, paletteColour | (inkNumbers[ink] ?? 0), 0]);
}

function pairsOfReview(name: 'dark' | 'light'): Pair[] {
  const { changed, words, ...looks } = looksOf[name];
  const named = Object.entries(looks).map(([what, { foreground, background }]): Pair => [what, foreground, background]);
  const grounds = { added: looks.added, removed: looks.removed };
  const changedWords = (['added', 'removed'] as const).flatMap((side): Pair[] => [
    [`changed words of ${side} lines`, grounds[side].foreground, changed[side].background],
  ]);
  const code = Object.entries(words).flatMap(([kind, [onPlain, onGround]]): Pair[] => [
    [`${kind} on plain`, onPlain, 0],
    ...(['added', 'removed'] as const).flatMap((side): Pair[] => [
      [`${kind} on ${side}`, onGround, grounds[side].background],
      [`${kind} on changed words of ${side} lines`, onGround, changed[side].background],
    ]),
  ]);
  return [...named, ...changedWords, ...code];
}

/** `#rrggbb` of a colour; 0 is that of the terminal. */
function shown(colour: number, name: 'dark' | 'light', terminal: PictureTheme, own: string): string {
  if (colour === 0) return own;
  if (colour >= rgbColour) return hex(colour & 0xffffff);
  const index = colour & 0xff;
  const themed = themes[name].colours[index];
  if (themed !== undefined) return hex(themed & 0xffffff);
  return terminal.palette[index] ?? hex(paletteRgb(index));
}

function hex(value: number): string {
  return `#${value.toString(16).padStart(6, '0')}`;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
