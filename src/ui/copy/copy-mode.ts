import type { CopyLines, Position } from './copy-lines.ts';
import { findMatches, type Match, nextMatch } from './copy-search.ts';
import type { Selection, SelectionKind } from './copy-selection.ts';

export interface Search {
  text: string;
  /** Where `n` goes: 1 towards the newest, -1 towards the oldest line. */
  direction: 1 | -1;
  matches: readonly Match[];
  /** Index of the match where the cursor was put. */
  current: number | null;
}

/** A search that is being typed. */
export interface Prompt {
  direction: 1 | -1;
  text: string;
  /** What Escape brings back. */
  before: Pick<CopyState, 'top' | 'cursor' | 'goal' | 'search'>;
}

/** What is seen and chosen of a history: pure data, every change gives a new one. */
export interface CopyState {
  /** Lines that are seen at once. */
  rows: number;
  /** The first line that is seen. */
  top: number;
  cursor: Position;
  /** The column that the cursor comes back to after shorter lines. */
  goal: number;
  /** The other end of the selection; null when nothing is selected. */
  anchor: Position | null;
  kind: SelectionKind;
  search: Search | null;
  prompt: Prompt | null;
}

/** At the newest lines, with the cursor at `cursor`. */
export function startCopying(lines: CopyLines, rows: number, cursor: Position): CopyState {
  const state: CopyState = {
    rows,
    top: Math.max(0, lines.count - rows),
    cursor,
    goal: 0,
    anchor: null,
    kind: 'char',
    search: null,
    prompt: null,
  };
  return moveTo(state, lines, cursor);
}

export function selectionOf({ anchor, cursor, kind }: CopyState): Selection | null {
  return anchor === null ? null : { anchor, cursor, kind };
}

/** The cursor on the character at `to`, or the nearest there is; the view follows it. */
export function moveTo(state: CopyState, lines: CopyLines, to: Position, goal = to.column): CopyState {
  const line = clamp(to.line, 0, lines.count - 1);
  // A block may stand beyond the ends of its lines.
  const last = state.anchor !== null && state.kind === 'block' ? lines.cols - 1 : lines.lastColumn(line);
  const column = lines.leftHalf(line, Math.min(to.column, last));
  const top = clamp(state.top, line - state.rows + 1, line);
  return { ...state, cursor: { line, column }, goal, top: clamp(top, 0, topMax(state, lines)) };
}

/** The cursor `count` lines further, in the column it came from. */
export function moveLines(state: CopyState, lines: CopyLines, count: number): CopyState {
  return moveTo(state, lines, { line: state.cursor.line + count, column: state.goal }, state.goal);
}

/** View and cursor together. At an end of the history the cursor goes on alone. */
export function scrollPage(state: CopyState, lines: CopyLines, count: number): CopyState {
  const top = clamp(state.top + count, 0, topMax(state, lines));
  return moveLines({ ...state, top }, lines, count);
}

/** The view alone; the cursor keeps its line while that is seen. */
export function scrollView(state: CopyState, lines: CopyLines, count: number): CopyState {
  const top = clamp(state.top + count, 0, topMax(state, lines));
  const line = clamp(state.cursor.line, top, top + state.rows - 1);
  return moveTo({ ...state, top }, lines, { line, column: state.goal }, state.goal);
}

export function isAtBottom(state: CopyState, lines: CopyLines): boolean {
  return state.top >= topMax(state, lines);
}

/** Begins a selection at the cursor, changes its kind, or ends it. */
export function toggleSelection(state: CopyState, kind: SelectionKind): CopyState {
  if (state.anchor !== null && state.kind === kind) return { ...state, anchor: null };
  return { ...state, anchor: state.anchor ?? state.cursor, kind };
}

export function swapEnds(state: CopyState, lines: CopyLines): CopyState {
  return state.anchor === null ? state : moveTo({ ...state, anchor: state.cursor }, lines, state.anchor);
}

export function openPrompt(state: CopyState, direction: 1 | -1): CopyState {
  const { top, cursor, goal, search } = state;
  return { ...state, prompt: { direction, text: '', before: { top, cursor, goal, search } } };
}

/** Another text in the prompt: what it finds is marked, and the cursor is at the first of it from where it was. */
export function changePrompt(state: CopyState, lines: CopyLines, text: string): CopyState {
  const { prompt } = state;
  if (prompt === null) return state;
  const { before, direction } = prompt;
  const back = { ...state, ...before, prompt: { ...prompt, text } };
  if (text === '') return back;
  const matches = findMatches(lines, text);
  const found = { ...back, search: { text, direction, matches, current: null } };
  return goToMatch(found, lines, direction);
}

/** Enter without a text looks on for what was searched before. */
export function acceptPrompt(state: CopyState, lines: CopyLines): CopyState {
  const { prompt, search } = state;
  if (prompt === null) return state;
  const closed = { ...state, prompt: null };
  if (prompt.text !== '' || search === null) return closed;
  return goToMatch({ ...closed, search: { ...search, direction: prompt.direction } }, lines, prompt.direction);
}

export function cancelPrompt(state: CopyState): CopyState {
  return state.prompt === null ? state : { ...state, ...state.prompt.before, prompt: null };
}

/** The next match towards `direction`, round the ends. */
export function goToMatch(state: CopyState, lines: CopyLines, direction: 1 | -1): CopyState {
  const { search } = state;
  const current = search && nextMatch(search.matches, state.cursor, direction);
  const match = current === null ? undefined : search?.matches[current];
  if (search === null || match === undefined) return state;
  return moveTo({ ...state, search: { ...search, current } }, lines, match.start);
}

/** As many lines as `rows` are seen from now on; the first one stays, and so does the cursor's. */
export function resizeView(state: CopyState, lines: CopyLines, rows: number): CopyState {
  const top = clamp(state.top, 0, Math.max(0, lines.count - rows));
  const line = clamp(state.cursor.line, top, top + rows - 1);
  return moveTo({ ...state, rows, top }, lines, { line, column: state.cursor.column });
}

/** The same place in other lines: `lineOf` tells where an old line is now. What was found is looked for again. */
export function carryOver(state: CopyState, lines: CopyLines, lineOf: (line: number) => number): CopyState {
  const place = ({ line, column }: Position): Position => {
    const now = clamp(lineOf(line), 0, lines.count - 1);
    return { line: now, column: lines.leftHalf(now, column) };
  };
  const search = state.search && { ...state.search, matches: findMatches(lines, state.search.text), current: null };
  const top = clamp(lineOf(state.top), 0, topMax(state, lines));
  const anchor = state.anchor && place(state.anchor);
  const at = place(state.cursor);
  const line = clamp(at.line, top, top + state.rows - 1);
  return moveTo({ ...state, top, anchor, search, prompt: null }, lines, { line, column: at.column });
}

function topMax({ rows }: Pick<CopyState, 'rows'>, lines: CopyLines): number {
  return Math.max(0, lines.count - rows);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), Math.max(min, max));
}
