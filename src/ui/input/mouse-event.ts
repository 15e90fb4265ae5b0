/** What the mouse did, in cells of the whole terminal. */
export interface MouseEvent {
  /** `move`: no button is held. */
  kind: 'press' | 'release' | 'drag' | 'move' | 'wheel';
  /** `none` for the wheel, for a further button, and where the terminal does not say which was let go. */
  button: 'left' | 'middle' | 'right' | 'none';
  /** Column and row from 0. */
  x: number;
  y: number;
  modifiers: { shift: boolean; alt: boolean; ctrl: boolean };
  /** -1 up, 1 down; 0 for a wheel that turns sideways, and all else. */
  wheel: -1 | 0 | 1;
  /** The button as reports number it, without modifiers: 0 to 2, 3 for none, 64 to 67 the wheel, 128 and on further ones. */
  code: number;
}

export const mouseBits = { shift: 4, alt: 8, ctrl: 16, motion: 32 } as const;
export const noButton = 3;
const wheelUp = 64;
const furtherButtons = 128;

/** Longest number in a report that is believed. */
const numberMax = 65_535;

/** Length of the oldest report: three bytes of data follow `CSI M`. */
export const plainReportLength = 6;

/** Reads one report (latin1) in the SGR, the urxvt or the oldest form. Null: it is none. */
export function parseMouseReport(sequence: string): MouseEvent | null {
  const sgr = /^\u001b\[<(\d{1,5});(\d{1,5});(\d{1,5})([Mm])$/.exec(sequence);
  if (sgr) return eventOf(Number(sgr[1]), Number(sgr[2]), Number(sgr[3]), sgr[4] === 'm');
  const urxvt = /^\u001b\[(\d{1,5});(\d{1,5});(\d{1,5})M$/.exec(sequence);
  if (urxvt) return eventOf(Number(urxvt[1]) - 32, Number(urxvt[2]), Number(urxvt[3]), false);
  if (!sequence.startsWith('\u001b[M') || sequence.length !== plainReportLength) return null;
  const [bits = 0, column = 0, row = 0] = [3, 4, 5].map((at) => sequence.charCodeAt(at) - 32);
  return eventOf(bits, column, row, false);
}

/** `column` and `row` count from 1. `isLetGo`: only the SGR form tells a release from a press by itself. */
function eventOf(bits: number, column: number, row: number, isLetGo: boolean): MouseEvent | null {
  if (bits < 0 || column < 1 || row < 1 || Math.max(bits, column, row) > numberMax) return null;
  const code = bits & ~(mouseBits.shift | mouseBits.alt | mouseBits.ctrl | mouseBits.motion);
  const isMotion = (bits & mouseBits.motion) !== 0;
  const isWheel = code >= wheelUp && code < furtherButtons;
  return {
    kind: kindOf(code, isMotion, isWheel, isLetGo),
    button: (['left', 'middle', 'right'] as const)[code] ?? 'none',
    x: column - 1,
    y: row - 1,
    modifiers: {
      shift: (bits & mouseBits.shift) !== 0,
      alt: (bits & mouseBits.alt) !== 0,
      ctrl: (bits & mouseBits.ctrl) !== 0,
    },
    wheel: code === wheelUp ? -1 : code === wheelUp + 1 ? 1 : 0,
    code,
  };
}

function kindOf(code: number, isMotion: boolean, isWheel: boolean, isLetGo: boolean): MouseEvent['kind'] {
  if (isWheel) return 'wheel';
  if (isMotion) return code === noButton ? 'move' : 'drag';
  return isLetGo || code === noButton ? 'release' : 'press';
}
