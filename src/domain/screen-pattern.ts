/** How much of a row or title a pattern is held against, in characters: with `repeatsMax` it bounds the time of a match. */
const rowLengthMax = 300;
/**
 * How many parts of a pattern may repeat without end. The time of a match grows with the length of the row to this power and
 * one more: with 3 the slowest took 8 s on a busy machine, with 2 well under one.
 */
const repeatsMax = 2;

/**
 * Why a pattern from the settings cannot be used, in words, or null. A pattern is tried on every row of a screen, in the
 * process that everything else waits for: what could take seconds (a group that repeats without end, a back reference) is refused.
 */
export function patternProblem(source: string): string | null {
  try {
    new RegExp(source, 'u');
  } catch (failure) {
    return `a regular expression (${(failure as Error).message})`;
  }
  // Without what is escaped, and with each class as one letter: only the structure is left.
  const bare = source.replace(/\\[kpP]\{?<?[^}>]*[}>]|\\[1-9]/gu, keepReference).replace(/\\./gsu, 'x');
  const structure = bare.replace(/\[[^\]]*\]/gu, 'x');
  if (structure.includes('\0')) return 'a pattern without back references';
  if (/\)(?:[*+]|\{\d+,\})/u.test(structure)) return 'a pattern in which no group repeats without end';
  const repeats = structure.match(/[*+]|\{\d+,\}/gu)?.length ?? 0;
  return repeats > repeatsMax ? `a pattern with at most ${repeatsMax} parts that repeat without end` : null;
}

function keepReference(escaped: string): string {
  return /^\\(?:k|\d)/u.test(escaped) ? '\0' : 'x';
}

/**
 * A pattern of the settings, for rows of a screen: it sees the beginning of a long row alone. A row comes without the blanks at its
 * end, one of which `> ` and `> $` may ask for.
 */
export class ScreenPattern extends RegExp {
  constructor(source: string) {
    super(source, 'u');
  }

  override test(row: string): boolean {
    const beginning = row.slice(0, rowLengthMax);
    return super.test(beginning) || super.test(`${beginning} `);
  }
}
