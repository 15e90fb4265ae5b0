import { paletteColour, rgbColour } from '../../domain/cells.ts';
import { paletteRgb } from '../../domain/palette.ts';

/** How many colours the outer terminal can show. `none` keeps bold, inverse and the like. */
export type ColourDepth = 'none' | '16' | '256' | 'truecolor';

/** What the environment of a terminal says about its colours. `NO_COLOR` wins when it is not empty. */
export function detectColourDepth(env: Record<string, string | undefined>): ColourDepth {
  if (env.NO_COLOR) return 'none';
  const forced = { '0': 'none', '1': '16', '2': '256', '3': 'truecolor' } as const;
  const force = env.FORCE_COLOR;
  if (force !== undefined && Object.hasOwn(forced, force)) return forced[force as keyof typeof forced];
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 'truecolor';
  const term = env.TERM ?? '';
  if (term === 'dumb') return 'none';
  if (/direct|kitty|ghostty|wezterm|alacritty|foot/.test(term)) return 'truecolor';
  if (/256/.test(term)) return '256';
  return '16';
}

/** The nearest colour that `depth` can show, in the encoding of `CellBuffer`. */
export function reduceColour(colour: number, depth: ColourDepth): number {
  if (colour === 0 || depth === 'truecolor') return colour;
  if (depth === 'none') return 0;
  if (depth === '256') return colour >= rgbColour ? paletteColour | nearestOf256(colour & 0xffffff) : colour;
  const index = colour & 0xff;
  if (colour < rgbColour && index < 16) return colour;
  return paletteColour | nearestOf16(colour >= rgbColour ? colour & 0xffffff : paletteRgb(index));
}

function nearestOf256(rgb: number): number {
  const step = (value: number) => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40));
  const [red, green, blue] = channels(rgb);
  const cube = 16 + 36 * step(red) + 6 * step(green) + step(blue);
  const grey = 232 + Math.min(23, Math.max(0, Math.round(((red + green + blue) / 3 - 8) / 10)));
  return distance(rgb, paletteRgb(grey)) < distance(rgb, paletteRgb(cube)) ? grey : cube;
}

function nearestOf16(rgb: number): number {
  let best = 0;
  for (let index = 1; index < 16; index++)
    if (distance(rgb, paletteRgb(index)) < distance(rgb, paletteRgb(best))) best = index;
  return best;
}

function distance(a: number, b: number): number {
  const [ar, ag, ab] = channels(a);
  const [br, bg, bb] = channels(b);
  return (ar - br) ** 2 + (ag - bg) ** 2 + (ab - bb) ** 2;
}

function channels(rgb: number): [number, number, number] {
  return [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
}
