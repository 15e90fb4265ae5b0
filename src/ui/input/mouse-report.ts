import type { ScreenModes } from '../../domain/screen-state.ts';
import { type MouseEvent, mouseBits, noButton } from './mouse-event.ts';

/** What each mode reports; 'none' reports nothing. */
const reported: Record<ScreenModes['mouse'], readonly MouseEvent['kind'][]> = {
  none: [],
  x10: ['press'],
  vt200: ['press', 'release', 'wheel'],
  drag: ['press', 'release', 'wheel', 'drag'],
  any: ['press', 'release', 'wheel', 'drag', 'move'],
};

interface Encoding {
  /** Largest column or row, from 1; what lies beyond is not reported. */
  placeMax: number;
  /** `bits` of the event; `release`: those of a release where the form has no letter for it. */
  write(bits: number, column: number, row: number, isRelease: boolean): string;
}

const encodings: Record<ScreenModes['mouseEncoding'], Encoding> = {
  default: {
    placeMax: 223,
    write: (bits, column, row) => `\u001b[M${String.fromCharCode(32 + bits, 32 + column, 32 + row)}`,
  },
  utf8: {
    placeMax: 2015,
    write: (bits, column, row) =>
      `\u001b[M${Buffer.from(String.fromCharCode(32 + bits, 32 + column, 32 + row), 'utf8').toString('latin1')}`,
  },
  sgr: {
    placeMax: Number.POSITIVE_INFINITY,
    write: (bits, column, row, isRelease) => `\u001b[<${bits};${column};${row}${isRelease ? 'm' : 'M'}`,
  },
  urxvt: {
    placeMax: Number.POSITIVE_INFINITY,
    write: (bits, column, row) => `\u001b[${32 + bits};${column};${row}M`,
  },
};

/** The event as a program with these modes reads it (latin1), at `x`, `y` of its own screen; '' when it asked not to hear of it. */
export function encodeMouse(
  event: MouseEvent,
  x: number,
  y: number,
  { mouse, mouseEncoding }: Pick<ScreenModes, 'mouse' | 'mouseEncoding'>,
): string {
  const { placeMax, write } = encodings[mouseEncoding];
  if (!reported[mouse].includes(event.kind) || x + 1 > placeMax || y + 1 > placeMax) return '';
  const isRelease = event.kind === 'release';
  // The forms without a letter for it tell a release by "no button".
  const code = isRelease && mouseEncoding !== 'sgr' ? noButton : event.code;
  const bits = code | (mouse === 'x10' ? 0 : modifierBits(event));
  return write(bits, x + 1, y + 1, isRelease);
}

function modifierBits({ kind, modifiers: { shift, alt, ctrl } }: MouseEvent): number {
  const motion = kind === 'drag' || kind === 'move' ? mouseBits.motion : 0;
  return motion | (shift ? mouseBits.shift : 0) | (alt ? mouseBits.alt : 0) | (ctrl ? mouseBits.ctrl : 0);
}
