import { attribute, paletteColour, rgbColour } from '../../domain/cells.ts';
import type { Look } from './draw-text.ts';

const palette = (index: number) => paletteColour | index;
const rgb = (value: number) => rgbColour | value;

/** The colours of a review. Without colours signs, bold and underlines say the same. */
export const looks = {
  plain: { foreground: 0, background: 0, attributes: 0 },
  quiet: { foreground: palette(8), background: 0, attributes: 0 },
  accent: { foreground: palette(6), background: 0, attributes: 0 },
  attention: { foreground: palette(3), background: 0, attributes: attribute.bold },
  file: { foreground: rgb(0xe6edf3), background: rgb(0x21262d), attributes: attribute.bold },
  fileNote: { foreground: rgb(0x8b949e), background: rgb(0x21262d), attributes: 0 },
  hunk: { foreground: palette(6), background: 0, attributes: attribute.dim },
  comment: { foreground: palette(3), background: 0, attributes: 0 },
  commentHead: { foreground: palette(3), background: 0, attributes: attribute.bold },
  sent: { foreground: palette(8), background: 0, attributes: 0 },
  found: { foreground: palette(0), background: palette(3), attributes: attribute.underline },
  /** Lines that came and went have a ground of their own, and so letters that are read on it. */
  added: { foreground: rgb(0xd1e7d6), background: rgb(0x12261b), attributes: 0 },
  removed: { foreground: rgb(0xf0d4d4), background: rgb(0x2d1416), attributes: 0 },
  addedSign: { foreground: rgb(0x56d364), background: rgb(0x12261b), attributes: attribute.bold },
  removedSign: { foreground: rgb(0xff7b72), background: rgb(0x2d1416), attributes: attribute.bold },
  addedCount: { foreground: rgb(0x56d364), background: rgb(0x21262d), attributes: 0 },
  removedCount: { foreground: rgb(0xff7b72), background: rgb(0x21262d), attributes: 0 },
} as const satisfies Record<string, Look>;

/** The ground of the words that differ within a line. */
export const changedWords = {
  added: { background: rgb(0x1f6f3a), attributes: attribute.bold },
  removed: { background: rgb(0x8e2a2f), attributes: attribute.bold },
} as const;

/** Colours of words of a language, by the name that the highlighter gives them: as the terminal has them, and on a ground of a review. */
export const syntaxColours: Record<string, readonly [onPlain: number, onTinted: number]> = {
  keyword: [palette(5), rgb(0xd2a8ff)],
  built_in: [palette(6), rgb(0x79c0ff)],
  type: [palette(3), rgb(0xffa657)],
  literal: [palette(6), rgb(0x79c0ff)],
  number: [palette(6), rgb(0x79c0ff)],
  operator: [0, 0],
  string: [palette(2), rgb(0xa5d6ff)],
  regexp: [palette(2), rgb(0xa5d6ff)],
  comment: [palette(8), rgb(0x9aa4ad)],
  doctag: [palette(8), rgb(0x9aa4ad)],
  title: [palette(4), rgb(0xe2c5ff)],
  section: [palette(4), rgb(0xe2c5ff)],
  attr: [palette(6), rgb(0x7ee0d4)],
  attribute: [palette(6), rgb(0x7ee0d4)],
  property: [palette(6), rgb(0x7ee0d4)],
  variable: [palette(3), rgb(0xffa657)],
  symbol: [palette(6), rgb(0x79c0ff)],
  bullet: [palette(6), rgb(0x79c0ff)],
  name: [palette(4), rgb(0x7ee787)],
  tag: [palette(4), rgb(0x7ee787)],
  'selector-class': [palette(3), rgb(0xffa657)],
  'selector-tag': [palette(5), rgb(0xd2a8ff)],
  meta: [palette(8), rgb(0x9aa4ad)],
  code: [palette(2), rgb(0xa5d6ff)],
  link: [palette(4), rgb(0x79c0ff)],
};
