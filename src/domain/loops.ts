/** A tool that an agent has called, with what came of it; both cut at some length. */
export interface Action {
  key: string;
  name: string;
  input: string;
  result: string;
  isError: boolean;
  /** It only asks how something stands that goes on by itself. */
  isPoll?: boolean | undefined;
  /** How long it took; left out: not known. */
  ms?: number | undefined;
  /** When it ended, in ms since the epoch. */
  at: number;
}

/** How often something must come again to be a loop. */
export interface LoopBounds {
  /** The same call with the same result, in a row. */
  same: number;
  /** The same error, in a row, whatever was called. */
  errors: number;
  /** Two calls with the same results each, in turn: pairs. */
  pairs: number;
}

/** Of the peers that publish theirs: 4, 3 and 3 (alternating 6 actions). Errors are given one more: who corrects a typo twice is at work. */
export const loopBounds: LoopBounds = { same: 4, errors: 4, pairs: 3 };

/** No more than this is needed to find one. */
export const loopActionsMax = 12;

/** What took so long has waited for something, in ms: a build, a server, a pause. */
const waitMs = 5_000;

/** Errors with fewer letters say nothing: many commands only exit with status 1, such as a search that finds nothing. */
const errorLettersMin = 12;

/**
 * What an agent does again and again, in words; null: nothing. The newest actions are last. Results must be the same too: who reads one
 * file after the other is in no loop. Nor is who waits: a loop is what came since the last wait.
 */
export function findLoop(all: readonly Action[], bounds: LoopBounds = loopBounds): string | null {
  const actions = all.slice(all.findLastIndex(isWait) + 1);
  const newest = actions.at(-1);
  if (!newest) return null;
  const same = countFromEnd(actions, (action) => isSame(action, newest));
  if (same >= bounds.same) return `${nameOf(newest)} was done ${same} times in a row, with the same result.`;
  const error = errorOf(newest);
  const errors = error === null ? 0 : countFromEnd(actions, (action) => errorOf(action) === error);
  if (errors >= bounds.errors) return `The same error came ${errors} times in a row: ${firstLine(newest.result)}`;
  const before = actions.at(-2);
  if (before && !isSame(before, newest)) {
    const pattern = [newest, before];
    const inTurn = countFromEnd(actions, (action, back) => isSame(action, pattern[back % 2] as Action));
    if (inTurn >= 2 * bounds.pairs)
      return `${nameOf(before)} and ${nameOf(newest)} were done ${Math.floor(inTurn / 2)} times in turn, with the same results.`;
  }
  return null;
}

function countFromEnd(actions: readonly Action[], holds: (action: Action, back: number) => boolean): number {
  let count = 0;
  while (count < actions.length && holds(actions.at(-1 - count) as Action, count)) count += 1;
  return count;
}

function isWait({ isPoll, ms = 0 }: Action): boolean {
  return isPoll === true || ms >= waitMs;
}

function isSame(a: Action, b: Action): boolean {
  return a.name === b.name && a.input === b.input && a.result === b.result;
}

/** Without what counts and turns: times, line numbers, addresses. Null: none that says anything. */
function errorOf({ isError, result }: Action): string | null {
  if (!isError || (result.match(/\p{L}/gu)?.length ?? 0) < errorLettersMin) return null;
  return result.replace(/\d+/g, '0');
}

function nameOf({ name, input }: Action): string {
  const said = input.replace(/\s+/g, ' ');
  return `${name} ${said.length > 60 ? `${said.slice(0, 59)}…` : said}`.trim();
}

function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
