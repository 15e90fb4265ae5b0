import { attribute, paletteColour, rgbColour } from '../../domain/cells.ts';
import type { Look } from '../screen/draw-text.ts';
import type { ThemeName } from '../theme.ts';

const palette = (index: number) => paletteColour | index;
const rgb = (value: number) => rgbColour | value;

/** Colours that are the terminal's own. Without colours signs, bold and underlines say the same. */
const ofTerminal = {
  plain: { foreground: 0, background: 0, attributes: 0 },
  quiet: { foreground: palette(8), background: 0, attributes: 0 },
  accent: { foreground: palette(6), background: 0, attributes: 0 },
  attention: { foreground: palette(3), background: 0, attributes: attribute.bold },
  hunk: { foreground: palette(6), background: 0, attributes: 0 },
  comment: { foreground: palette(3), background: 0, attributes: 0 },
  commentHead: { foreground: palette(3), background: 0, attributes: attribute.bold },
  sent: { foreground: palette(8), background: 0, attributes: 0 },
  found: { foreground: palette(3), background: 0, attributes: attribute.inverse | attribute.underline },
} as const satisfies Record<string, Look>;

/** What has a ground of its own, and so letters that are read on it: names of files, lines that came and went. */
type OnGround = 'file' | 'fileNote' | 'added' | 'removed' | 'addedSign' | 'removedSign' | 'addedCount' | 'removedCount';
type Kind = 'keyword' | 'text' | 'number' | 'comment' | 'title' | 'type' | 'attribute' | 'name';

export interface Looks extends Record<keyof typeof ofTerminal | OnGround, Look> {
  /** The words that differ within a line: of the ground that they stand on. */
  changed: Record<'added' | 'removed', Pick<Look, 'background' | 'attributes'>>;
  /** Colours of words of a language: as the terminal has them, and on the ground of a line that came or went. */
  words: Record<Kind, readonly [onPlain: number, onGround: number]>;
}

interface Grounds {
  file: number;
  fileText: number;
  fileNote: number;
  added: number;
  addedText: number;
  addedSign: number;
  addedWords: number;
  removed: number;
  removedText: number;
  removedSign: number;
  removedWords: number;
  words: Record<Kind, number>;
}

const onPlain: Record<Kind, number> = {
  ...{ keyword: palette(5), text: palette(2), number: palette(6), comment: palette(8) },
  ...{ title: palette(4), type: palette(3), attribute: palette(6), name: palette(4) },
};

function looksOn(grounds: Grounds): Looks {
  const { bold } = attribute;
  const look = (foreground: number, background: number, attributes = 0): Look => ({
    ...{ foreground: rgb(foreground), background: rgb(background), attributes },
  });
  const kinds = Object.keys(onPlain) as Kind[];
  return {
    ...ofTerminal,
    file: look(grounds.fileText, grounds.file, bold),
    fileNote: look(grounds.fileNote, grounds.file),
    added: look(grounds.addedText, grounds.added),
    removed: look(grounds.removedText, grounds.removed),
    addedSign: look(grounds.addedSign, grounds.added, bold),
    removedSign: look(grounds.removedSign, grounds.removed, bold),
    addedCount: look(grounds.addedSign, grounds.file),
    removedCount: look(grounds.removedSign, grounds.file),
    changed: {
      added: { background: rgb(grounds.addedWords), attributes: bold },
      removed: { background: rgb(grounds.removedWords), attributes: bold },
    },
    words: Object.fromEntries(
      kinds.map((kind) => [kind, [onPlain[kind], rgb(grounds.words[kind])]]),
    ) as unknown as Looks['words'],
  };
}

const dark = looksOn({
  ...{ file: 0x21262d, fileText: 0xe6edf3, fileNote: 0x8b949e },
  ...{ added: 0x12261b, addedText: 0xd1e7d6, addedSign: 0x56d364, addedWords: 0x1a4d2a },
  ...{ removed: 0x2d1416, removedText: 0xf0d4d4, removedSign: 0xff7b72, removedWords: 0x722529 },
  words: {
    ...{ keyword: 0xd2a8ff, text: 0xa5d6ff, number: 0x79c0ff, comment: 0xb1bac4 },
    ...{ title: 0xe2c5ff, type: 0xffa657, attribute: 0x7ee0d4, name: 0x7ee787 },
  },
});

const light = looksOn({
  ...{ file: 0xeaeef2, fileText: 0x1f2328, fileNote: 0x59636e },
  ...{ added: 0xdafbe1, addedText: 0x10301a, addedSign: 0x176f30, addedWords: 0x9be9b0 },
  ...{ removed: 0xffebe9, removedText: 0x3d1210, removedSign: 0xcf222e, removedWords: 0xffc1ba },
  words: {
    ...{ keyword: 0x6639ba, text: 0x0a3069, number: 0x0550ae, comment: 0x4b545e },
    ...{ title: 0x512a97, type: 0x953800, attribute: 0x116329, name: 0x116329 },
  },
});

/** Nothing but attributes. */
function withoutColours(looks: Looks): Looks {
  const { changed, words, ...named } = looks;
  const bare = Object.entries(named).map(([name, { attributes }]) => [
    name,
    { foreground: 0, background: 0, attributes },
  ]);
  const marked = { background: 0, attributes: attribute.bold };
  return {
    ...(Object.fromEntries(bare) as Omit<Looks, 'changed' | 'words'>),
    changed: { added: marked, removed: marked },
    words: Object.fromEntries(Object.keys(words).map((kind) => [kind, [0, 0]])) as unknown as Looks['words'],
  };
}

export const looksOf: Record<ThemeName, Looks> = {
  terminal: dark,
  dark,
  light,
  'high-contrast': dark,
  none: withoutColours(dark),
};

/** Of which kind a word is, by the name that the highlighter gives it; one that is not here has the colour of its line. */
export const kindOf: Record<string, Kind | undefined> = {
  ...{ keyword: 'keyword', 'selector-tag': 'keyword' },
  ...{ string: 'text', regexp: 'text', code: 'text' },
  ...{ number: 'number', literal: 'number', built_in: 'number', symbol: 'number', bullet: 'number', link: 'number' },
  ...{ comment: 'comment', doctag: 'comment', meta: 'comment' },
  ...{ title: 'title', section: 'title' },
  ...{ type: 'type', variable: 'type', 'selector-class': 'type' },
  ...{ attr: 'attribute', attribute: 'attribute', property: 'attribute' },
  ...{ name: 'name', tag: 'name' },
};
