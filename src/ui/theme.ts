import type { Phase } from '../app/views/work-items.ts';
import { paletteColour, rgbColour } from '../domain/cells.ts';
import type { RunStatus } from '../domain/run.ts';
import type { SessionState } from '../domain/session.ts';

/** Colours by meaning, as Ink names them. A theme says how each is shown; the painter reduces that to what the terminal can. */
export const colours = {
  accent: 'cyan',
  attention: 'yellow',
  good: 'green',
  bad: 'red',
  quiet: 'gray',
  selected: 'cyan',
  typing: 'green',
} as const;

export type Colour = (typeof colours)[keyof typeof colours];

/** As terminals number them. */
export const colourNumbers: Readonly<Record<Colour, number>> = { red: 1, green: 2, yellow: 3, cyan: 6, gray: 8 };

/** How the dashboard's own parts look; what programs draw in panes keeps its colours. */
export interface Theme {
  /** By the number of a colour in terminals, 0 to 15, what is shown for it, as in `CellBuffer`; left out: the terminal's own. */
  colours: Readonly<Partial<Record<number, number>>>;
}

export const themeNames = ['terminal', 'dark', 'light', 'high-contrast', 'none'] as const;
export type ThemeName = (typeof themeNames)[number];

type Meaning = 'bad' | 'good' | 'attention' | 'accent' | 'quiet';

function themeOf(shown: Record<Meaning, number>): Theme {
  const meanings = Object.keys(shown) as Meaning[];
  return { colours: Object.fromEntries(meanings.map((meaning) => [colourNumbers[colours[meaning]], shown[meaning]])) };
}

const rgb = (value: number) => rgbColour | value;
const bright = (index: number) => paletteColour | (index + 8);

export const themes: Record<ThemeName, Theme> = {
  terminal: { colours: {} },
  dark: themeOf({
    ...{ bad: rgb(0xe06c75), good: rgb(0x8cc570), attention: rgb(0xe5c07b) },
    ...{ accent: rgb(0x56b6c2), quiet: rgb(0x7d8590) },
  }),
  light: themeOf({
    ...{ bad: rgb(0xcf222e), good: rgb(0x1a7f37), attention: rgb(0x9a6700) },
    ...{ accent: rgb(0x0b6e8a), quiet: rgb(0x59636e) },
  }),
  'high-contrast': themeOf({ bad: bright(1), good: bright(2), attention: bright(3), accent: bright(6), quiet: 0 }),
  none: themeOf({ bad: 0, good: 0, attention: 0, accent: 0, quiet: 0 }),
};

export interface Mark {
  glyph: string;
  colour: Colour;
}

/** How many lines went; none is nothing to look at. */
export function removedColour(lines: number): Colour {
  return lines > 0 ? colours.bad : colours.quiet;
}

/** One glyph a state: it must be told apart without colour too. */
export const phaseMarks: Record<Phase, Mark> = {
  'needs-you': { glyph: '▲', colour: colours.attention },
  working: { glyph: '●', colour: colours.good },
  queued: { glyph: '◔', colour: colours.accent },
  awaiting: { glyph: '◇', colour: colours.accent },
  ready: { glyph: '○', colour: colours.accent },
  blocked: { glyph: '◌', colour: colours.quiet },
  closed: { glyph: '✓', colour: colours.quiet },
};

export const runMarks: Record<RunStatus, Mark> = {
  queued: phaseMarks.queued,
  preparing: phaseMarks.working,
  working: phaseMarks.working,
  gating: phaseMarks.working,
  fixing: phaseMarks.working,
  rewinding: phaseMarks.working,
  reviewing: phaseMarks['needs-you'],
  delivering: phaseMarks.working,
  awaiting: phaseMarks.awaiting,
  paused: { glyph: '‖', colour: colours.attention },
  done: { glyph: '✓', colour: colours.good },
  failed: { glyph: '✗', colour: colours.bad },
  cancelled: { glyph: '–', colour: colours.quiet },
};

/** How a run stands to others that touch the same files. */
export const overlapMarks: Record<'conflict' | 'clean', Mark> = {
  conflict: { glyph: '≠', colour: colours.attention },
  clean: { glyph: '≈', colour: colours.quiet },
};

export const sessionMarks: Record<SessionState, Mark> = {
  starting: { glyph: '◔', colour: colours.quiet },
  busy: { glyph: '●', colour: colours.good },
  waiting: { glyph: '▲', colour: colours.attention },
  idle: { glyph: '○', colour: colours.accent },
  done: { glyph: '✓', colour: colours.good },
  limited: { glyph: '◷', colour: colours.attention },
  failed: { glyph: '✗', colour: colours.bad },
  exited: { glyph: '■', colour: colours.quiet },
  lost: { glyph: '✗', colour: colours.bad },
  unknown: { glyph: '?', colour: colours.quiet },
};
