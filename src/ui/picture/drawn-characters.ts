/** Width and height of a cell in the picture's units. */
export const cellWidth = 9;
export const cellHeight = 19;

/**
 * SVG for characters that must meet their neighbours (lines and blocks): fonts differ in how far these reach. Null for all
 * other characters. `x` and `y` are the cell's top left corner.
 */
export function drawnCharacter(character: string, x: number, y: number, colour: string): string | null {
  const block = blocks[character];
  if (block !== undefined) {
    const [left, top, width, height, opacity] = block;
    const size = `x="${x + left * cellWidth}" y="${y + top * cellHeight}" width="${width * cellWidth}" height="${height * cellHeight}"`;
    return `<rect ${size} fill="${colour}"${opacity === undefined ? '' : ` opacity="${opacity}"`}/>`;
  }
  const path = lines[character];
  if (path === undefined) return null;
  return `<path transform="translate(${x} ${y})" d="${path}" stroke="${colour}" stroke-width="${isHeavy(character) ? 2.4 : 1.2}" fill="none"/>`;
}

const midX = cellWidth / 2;
const midY = cellHeight / 2;
const arms = {
  l: `M0 ${midY}H${midX}`,
  r: `M${midX} ${midY}H${cellWidth}`,
  u: `M${midX} 0V${midY}`,
  d: `M${midX} ${midY}V${cellHeight}`,
};

const lines: Record<string, string> = {
  ...straight('─lr│ud┌rd┐ld└ru┘lu├rud┤lud┬lrd┴lru┼lrud'),
  ...straight('━lr┃ud┏rd┓ld┗ru┛lu┣rud┫lud┳lrd┻lru╋lrud'),
  '╭': `M${cellWidth} ${midY}Q${midX} ${midY} ${midX} ${cellHeight}`,
  '╮': `M0 ${midY}Q${midX} ${midY} ${midX} ${cellHeight}`,
  '╰': `M${cellWidth} ${midY}Q${midX} ${midY} ${midX} 0`,
  '╯': `M0 ${midY}Q${midX} ${midY} ${midX} 0`,
};

function straight(table: string): Record<string, string> {
  const entries = [...table.matchAll(/([^a-z])([a-z]+)/g)].map(([, character, directions]) => [
    character,
    [...directions].map((direction) => arms[direction as keyof typeof arms]).join(''),
  ]);
  return Object.fromEntries(entries);
}

function isHeavy(character: string): boolean {
  return '━┃┏┓┗┛┣┫┳┻╋'.includes(character);
}

type Block = [left: number, top: number, width: number, height: number, opacity?: number];

const blocks: Record<string, Block> = {
  '█': [0, 0, 1, 1],
  '▀': [0, 0, 1, 0.5],
  '▐': [0.5, 0, 0.5, 1],
  '░': [0, 0, 1, 1, 0.25],
  '▒': [0, 0, 1, 1, 0.5],
  '▓': [0, 0, 1, 1, 0.75],
  ...Object.fromEntries([...'▁▂▃▄▅▆▇'].map((character, at) => [character, [0, 1 - (at + 1) / 8, 1, (at + 1) / 8]])),
  ...Object.fromEntries([...'▏▎▍▌▋▊▉'].map((character, at) => [character, [0, 0, (at + 1) / 8, 1]])),
};
