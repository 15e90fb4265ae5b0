import type { Phase } from '../app/views/work-items.ts';
import type { SessionState } from '../domain/session.ts';

/** Colours by meaning, as Ink names them. The painter reduces them to what the terminal can show. */
export const colours = {
  accent: 'cyan',
  attention: 'yellow',
  good: 'green',
  bad: 'red',
  quiet: 'gray',
  selected: 'cyan',
  typing: 'green',
} as const;

export interface Mark {
  glyph: string;
  colour: string;
}

/** One glyph a state: it must be told apart without colour too. */
export const phaseMarks: Record<Phase, Mark> = {
  'needs-you': { glyph: '▲', colour: colours.attention },
  working: { glyph: '●', colour: colours.good },
  queued: { glyph: '◌', colour: 'cyan' },
  awaiting: { glyph: '◇', colour: 'cyan' },
  ready: { glyph: '○', colour: colours.accent },
  blocked: { glyph: '◌', colour: colours.quiet },
  closed: { glyph: '✓', colour: colours.quiet },
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
