/** A part of a text: from the first code unit up to the second. */
export type Part = readonly [from: number, to: number];

/** Words of a line that are compared; a longer line is not looked into. */
const wordsMax = 300;
/** Lines that have less in common, of what stands in the longer one and in the shorter one, are two different lines. */
const sameShareMin = { longer: 0.5, shorter: 0.9 } as const;

const nothing: readonly [Part[], Part[]] = [[], []];

/** What differs between two lines, word by word: the parts of each that the other does not have. None where little is the same. */
export function changedParts(before: string, after: string): readonly [Part[], Part[]] {
  const old = wordsOf(before);
  const now = wordsOf(after);
  if (old.length > wordsMax || now.length > wordsMax) return nothing;
  const same = commonWords(old, now);
  const length = same.reduce((sum, [at]) => sum + (old[at] as string).trim().length, 0);
  const [shorter, longer] = [before, after].map((text) => text.replace(/\s/g, '').length).sort((a, b) => a - b) as [
    number,
    number,
  ];
  if (length < longer * sameShareMin.longer && length < shorter * sameShareMin.shorter) return nothing;
  return [partsBeside(old, new Set(same.map(([at]) => at))), partsBeside(now, new Set(same.map(([, at]) => at)))];
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** The longest common subsequence, as places in both. */
function commonWords(old: readonly string[], now: readonly string[]): [number, number][] {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] =
        old[i] === now[j]
          ? (lengths[at + width + 1] as number) + 1
          : Math.max(lengths[at + width] as number, lengths[at + 1] as number);
    }
  }
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    const at = i * width + j;
    if (old[i] === now[j]) common.push([i++, j++]);
    else if ((lengths[at + width] as number) >= (lengths[at + 1] as number)) i++;
    else j++;
  }
  return common;
}

/** Where the words are that are not among `same`; neighbours are one part. */
function partsBeside(words: readonly string[], same: ReadonlySet<number>): Part[] {
  const parts: [number, number][] = [];
  let from = 0;
  for (const [index, word] of words.entries()) {
    const last = parts.at(-1);
    if (!same.has(index)) {
      if (last?.[1] === from) last[1] += word.length;
      else parts.push([from, from + word.length]);
    }
    from += word.length;
  }
  return parts;
}
