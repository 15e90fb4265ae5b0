import type { Lines, MergeStep, Overlap, RadarView, SharedFile } from './overlap.ts';

/** One line of what a person reads of a radar. */
export interface RadarLine {
  text: string;
  tone: 'heading' | 'conflict' | 'clean' | 'plain';
}

/** Of one file, so many places are told. */
const placesMax = 6;

export function radarLines({ overlaps, order }: RadarView): RadarLine[] {
  const pairs = overlaps.flatMap((overlap, index) => [...(index === 0 ? [] : [blank]), ...overlapLines(overlap)]);
  if (order.length === 0) return pairs;
  const heading: RadarLine = { text: 'Order of merging', tone: 'heading' };
  return [...pairs, blank, heading, ...order.map((step, index) => stepLine(step, index + 1))];
}

const blank: RadarLine = { text: '', tone: 'plain' };

function overlapLines({ between, files, conflicts }: Overlap): RadarLine[] {
  const how = conflicts === null ? 'not tried (that needs git 2.38)' : conflicts ? 'conflict' : 'merge cleanly';
  const [a, b] = between;
  return [{ text: `${a} and ${b}: ${how}`, tone: 'heading' }, ...files.map((file) => fileLine(file, a, b))];
}

function fileLine({ path, conflicts, lines }: SharedFile, a: string, b: string): RadarLine {
  const places = [placesText(a, lines[0]), placesText(b, lines[1])].filter(Boolean).join('; ');
  const tone = conflicts ? 'conflict' : 'clean';
  return { text: `  ${conflicts ? '≠' : '≈'} ${path}${places ? `  ${places}` : ''}`, tone };
}

function placesText(name: string, lines: readonly Lines[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, placesMax).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return `${name}: ${shown.join(', ')}${lines.length > placesMax ? ', …' : ''}`;
}

function stepLine({ run, conflicts }: MergeStep, number: number): RadarLine {
  if (conflicts === null) return { text: `  ${number}. ${run}`, tone: 'clean' };
  const after = conflicts.with.length > 0 ? ` with ${conflicts.with.join(', ')}` : '';
  const text = `  ${number}. ${run}  conflicts${after} in ${conflicts.files.join(', ')}: to be resolved by then`;
  return { text, tone: 'conflict' };
}

/** How a run stands to others, for its row in a list; null: it touches nothing that another touches. */
export function standingOf({ overlaps }: RadarView, run: string): 'conflict' | 'clean' | null {
  const own = overlaps.filter(({ between }) => between.includes(run));
  if (own.length === 0) return null;
  return own.some(({ conflicts }) => conflicts !== false) ? 'conflict' : 'clean';
}
