import type { CopyLines } from './copy-lines.ts';
import {
  acceptPrompt,
  type CopyState,
  cancelPrompt,
  changePrompt,
  goToMatch,
  moveLines,
  moveTo,
  openPrompt,
  scrollPage,
  selectionOf,
  swapEnds,
  toggleSelection,
} from './copy-mode.ts';
import { type MotionName, motions } from './copy-motions.ts';
import { type SelectionKind, selectedText } from './copy-selection.ts';

/** What a key asks for beside a new state. */
export type CopyEffect =
  | { kind: 'leave' }
  | { kind: 'copy'; text: string; isLeaving: boolean }
  /** The lines that came since. `toNewest`: and go there. */
  | { kind: 'renew'; toNewest: boolean }
  | { kind: 'say'; text: string };

export interface CopyStep {
  state: CopyState;
  effect: CopyEffect | null;
}

export interface CopyKey {
  id: string;
  /** As `key-name.ts` of the keymap names them. */
  keys: string[];
  title: string;
  /** Shown on the last line when there is room. */
  hint?: string;
  run(state: CopyState, lines: CopyLines): CopyStep;
}

/** Everything that the keyboard does in copy mode. The footer, the help and the reference come from this table. */
export const copyKeys: readonly CopyKey[] = [
  motion('left', ['h', 'left', 'backspace'], 'Left'),
  lineMotion('down', ['j', 'down', 'ctrl+n'], 'Down', 1),
  lineMotion('up', ['k', 'up', 'ctrl+p'], 'Up', -1),
  motion('right', ['l', 'right', ' '], 'Right'),
  motion('nextWord', ['w'], 'To the next word'),
  motion('previousWord', ['b'], 'To the word before'),
  motion('endOfWord', ['e'], 'To the end of the word'),
  motion('lineStart', ['0', 'home'], 'To the beginning of the line'),
  motion('lineText', ['^'], 'To the first letter of the line'),
  {
    ...motion('lineEnd', ['$', 'end'], 'To the end of the line'),
    run: (state, lines) =>
      changed(moveTo(state, lines, motions.lineEnd(lines, state.cursor, state), Number.POSITIVE_INFINITY)),
  },
  motion('previousParagraph', ['{'], 'To the empty line above'),
  motion('nextParagraph', ['}'], 'To the empty line below'),
  motion('viewTop', ['H'], 'To the first line that is seen'),
  motion('viewMiddle', ['M'], 'To the middle line'),
  motion('viewBottom', ['L'], 'To the last line that is seen'),
  pageMotion('halfUp', ['ctrl+u'], 'Half a page up', (rows) => -Math.max(1, Math.floor(rows / 2))),
  pageMotion('halfDown', ['ctrl+d'], 'Half a page down', (rows) => Math.max(1, Math.floor(rows / 2))),
  pageMotion('pageUp', ['pageup', 'ctrl+b'], 'A page up', (rows) => -Math.max(1, rows - 2)),
  pageMotion('pageDown', ['pagedown', 'ctrl+f'], 'A page down', (rows) => Math.max(1, rows - 2)),
  motion('oldest', ['g'], 'To the oldest line that is kept'),
  {
    id: 'newest',
    keys: ['G'],
    title: 'To the newest line; there, take in the lines that came since',
    run(state, lines) {
      if (state.cursor.line === lines.count - 1) return { state, effect: { kind: 'renew', toNewest: true } };
      return changed(moveTo(state, lines, motions.newest(lines, state.cursor, state)));
    },
  },
  {
    id: 'renew',
    keys: ['r'],
    title: 'Take in the lines that came since, and stay here',
    run: (state) => ({ state, effect: { kind: 'renew', toNewest: false } }),
  },
  {
    id: 'search',
    keys: ['/'],
    title: 'Search towards the newest line; a capital letter makes case count',
    hint: 'search',
    run: (state) => changed(openPrompt(state, 1)),
  },
  {
    id: 'searchBack',
    keys: ['?'],
    title: 'Search towards the oldest line',
    hint: 'search up',
    run: (state) => changed(openPrompt(state, -1)),
  },
  { id: 'nextMatch', keys: ['n'], title: 'To the next match', run: (state, lines) => toMatch(state, lines, 1) },
  { id: 'previousMatch', keys: ['N'], title: 'To the match before', run: (state, lines) => toMatch(state, lines, -1) },
  { ...selecting('select', ['v'], 'Select characters', 'char'), hint: 'select' },
  { ...selecting('selectLines', ['V'], 'Select lines', 'line'), hint: 'lines' },
  selecting('selectBlock', ['ctrl+v'], 'Select a block', 'block'),
  {
    id: 'swap',
    keys: ['o'],
    title: 'To the other end of the selection',
    run: (state, lines) => changed(swapEnds(state, lines)),
  },
  {
    id: 'copy',
    keys: ['y', 'enter'],
    title: 'Copy the selection and leave',
    hint: 'copy',
    run(state, lines) {
      const selection = selectionOf(state);
      if (selection === null) return { state, effect: { kind: 'say', text: nothingSelected } };
      return { state, effect: { kind: 'copy', text: selectedText(lines, selection), isLeaving: true } };
    },
  },
  {
    id: 'copyLine',
    keys: ['Y'],
    title: 'Copy the line and leave',
    run(state, lines) {
      const text = selectedText(lines, { anchor: state.cursor, cursor: state.cursor, kind: 'line' });
      return { state, effect: { kind: 'copy', text, isLeaving: true } };
    },
  },
  {
    id: 'back',
    keys: ['escape'],
    title: 'End the selection, then the search, then leave',
    run(state) {
      if (state.anchor !== null) return changed({ ...state, anchor: null });
      if (state.search !== null) return changed({ ...state, search: null });
      return { state, effect: { kind: 'leave' } };
    },
  },
  {
    id: 'leave',
    keys: ['q', 'ctrl+c'],
    title: 'Leave: the live screen again',
    hint: 'leave',
    run: (state) => ({ state, effect: { kind: 'leave' } }),
  },
];

const nothingSelected =
  'Nothing is selected: {copy.select}, {copy.selectLines} or {copy.selectBlock} begins a selection, {copy.copyLine} copies the line.';

/** Longest text to search for, in UTF-16 units: a pasted page is no search. */
const promptMax = 200;

/** What a key does, of those that are in force. One that means nothing changes nothing. */
export function pressCopyKey(
  state: CopyState,
  lines: CopyLines,
  key: string,
  bound: readonly CopyKey[] = copyKeys,
): CopyStep {
  if (state.prompt !== null) return changed(pressInPrompt(state, lines, key, state.prompt.text));
  const found = bound.find(({ keys }) => keys.includes(key));
  return found ? found.run(state, lines) : changed(state);
}

function pressInPrompt(state: CopyState, lines: CopyLines, key: string, text: string): CopyState {
  if (key === 'enter') return acceptPrompt(state, lines);
  if (key === 'escape' || key === 'ctrl+c') return cancelPrompt(state);
  if (key === 'ctrl+u') return changePrompt(state, lines, '');
  if (key === 'backspace' || key === 'delete') {
    // Nothing left to take away: the search is given up, as in vi.
    return text === '' ? cancelPrompt(state) : changePrompt(state, lines, [...text].slice(0, -1).join(''));
  }
  const isCharacter = [...key].length === 1 && text.length < promptMax;
  return isCharacter ? changePrompt(state, lines, text + key) : state;
}

function changed(state: CopyState): CopyStep {
  return { state, effect: null };
}

function motion(id: MotionName, keys: string[], title: string): CopyKey {
  return {
    id,
    keys,
    title,
    run: (state, lines) => changed(moveTo(state, lines, motions[id](lines, state.cursor, state))),
  };
}

function lineMotion(id: string, keys: string[], title: string, count: number): CopyKey {
  return { id, keys, title, run: (state, lines) => changed(moveLines(state, lines, count)) };
}

function pageMotion(id: string, keys: string[], title: string, count: (rows: number) => number): CopyKey {
  return { id, keys, title, run: (state, lines) => changed(scrollPage(state, lines, count(state.rows))) };
}

function selecting(id: string, keys: string[], title: string, kind: SelectionKind): CopyKey {
  return { id, keys, title, run: (state) => changed(toggleSelection(state, kind)) };
}

function toMatch(state: CopyState, lines: CopyLines, sign: 1 | -1): CopyStep {
  const { search } = state;
  if (search === null)
    return { state, effect: { kind: 'say', text: 'Nothing is searched for: {copy.search} begins a search.' } };
  return changed(goToMatch(state, lines, search.direction === sign ? 1 : -1));
}
