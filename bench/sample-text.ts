/** The same numbers every time: both sides and every run get the same text. */
function* randomNumbers(seed = 1): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const random = randomNumbers();
const below = (limit: number): number => Math.floor((random.next().value as number) * limit);
const lowercase = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(97 + below(26))).join('');
const words = Array.from({ length: 2_000 }, () => lowercase(2 + below(9)));

/** Lines of words, all lowercase, 40 to `widthMax` columns. */
export function plainLine(widthMax = 110, widthMin = 40): string {
  const width = widthMin + below(widthMax - widthMin + 1);
  let line = '';
  while (line.length < width) line += `${words[below(words.length)]} `;
  return line.slice(0, width);
}

/** A line of which every word has colours of its own: of the palette, of 256, or true; some bold or underlined. */
export function colourLine(width = 100): string {
  let line = '';
  for (let columns = 0; columns < width; ) {
    const word = words[below(words.length)].slice(0, width - columns);
    const colours = [
      `3${below(8)}`,
      `38;5;${below(256)};48;5;${below(256)}`,
      `38;2;${below(256)};${below(256)};${below(256)}`,
      `1;9${below(8)}`,
      `4;3${below(8)}`,
    ];
    line += `\x1b[${colours[below(colours.length)]}m${word}\x1b[0m `;
    columns += word.length + 1;
  }
  return line;
}

/** `bytes` of lines; a block of a thousand lines is repeated. */
export function linesOf(line: () => string, bytes: number): Buffer {
  const block = Buffer.from(`${Array.from({ length: 1_000 }, line).join('\n')}\n`);
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / block.length) }, () => block)).subarray(
    0,
    Math.floor(bytes / block.length) * block.length,
  );
}
