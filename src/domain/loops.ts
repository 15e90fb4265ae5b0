/** A tool that an agent has called, with what came of it; both cut at some length. */
export interface Action {
  key: string;
  name: string;
  input: string;
  result: string;
  isError: boolean;
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

/**
 * What an agent does again and again, in words; null: nothing. The newest actions are last. Results must be the same too: who waits for
 * something and sees it come nearer, or reads one file after the other, is in no loop.
 */
export function findLoop(actions: readonly Action[], bounds: LoopBounds = loopBounds): string | null {
  const newest = actions.at(-1);
  if (!newest) return null;
  const same = countFromEnd(actions, (action) => isSame(action, newest));
  if (same >= bounds.same) return `${nameOf(newest)} was done ${same} times in a row, with the same result.`;
  const errors = countFromEnd(actions, (action) => action.isError && errorOf(action) === errorOf(newest));
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

function isSame(a: Action, b: Action): boolean {
  return a.name === b.name && a.input === b.input && a.result === b.result;
}

/** Without what counts and turns: times, line numbers, addresses. */
function errorOf({ result }: Action): string {
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
