import { Emulator } from '../screen/emulator.ts';
import { ansiRows } from '../screen/snapshot.ts';
import { FullScreenHistory } from './full-screen-history.ts';
import { playEvent, writeSliced } from './play.ts';
import { type Recording, readRecording } from './recording.ts';
import { segmentFile, segmentNumbers } from './segment.ts';
import { Slices } from './slices.ts';

/** Lines above the screen that a history has at most: 5 MB at 20 columns, 50 MB at 200, in whoever reads. */
export const historyLinesMax = 20_000;

/** Segments that are tried first: 4 MB of output hold the bound of lines of 200 columns. Full-screen programs need all. */
const firstSegments = 4;

/** How often a full-screen program is looked at, in seconds of the recording: as often as its spinner turns. */
const lookSeconds = 0.1;

export interface HistorySource {
  /** That of the recording. */
  folder: string;
  /** The present size of the session. */
  cols: number;
  rows: number;
  isEnded: boolean;
}

/** All lines of a recording that are kept, with the last screen below them. Null when nothing was recorded. */
export async function readHistory(source: HistorySource): Promise<Emulator | null> {
  const files = segmentNumbers(source.folder).map((number) => segmentFile(source.folder, number));
  for (const count of new Set([Math.min(firstSegments, files.length), files.length])) {
    const recording = await readRecording(files.slice(-count));
    if (recording === null) return null;
    const history = await playHistory(recording, source);
    if (count === files.length || history.lineCount >= historyLinesMax + history.rows) return history;
    history.dispose();
  }
  return null;
}

/** The history of a text with SGR attributes that draws lines and then a screen. */
export async function drawHistory(text: string, cols: number, rows: number): Promise<Emulator> {
  const emulator = newScreen(cols, rows);
  await writeSliced(emulator, text, new Slices());
  return emulator;
}

async function playHistory(recording: Recording, { cols, rows, isEnded }: HistorySource): Promise<Emulator> {
  const slices = new Slices();
  const emulator = newScreen(recording.header.cols, recording.header.rows);
  const fullScreen = new FullScreenHistory(historyLinesMax);
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isFirst = true;
  for (const event of recording.events) {
    const isDue = event.at - lookedAt >= lookSeconds || (event.kind === 'output' && event.text.includes('\x1b[?1049l'));
    if (isDue && emulator.modes.alternateScreen) fullScreen.look(emulator);
    if (isDue) lookedAt = event.at;
    await playEvent(emulator, event, slices, isFirst);
    isFirst = false;
    if (slices.isOver) await slices.next();
  }
  fullScreen.look(emulator);
  emulator.resize(cols, rows);
  const isFullScreen = emulator.modes.alternateScreen || (isEnded && fullScreen.rows.length > emulator.lineCount);
  if (!isFullScreen) return emulator;
  const joined = await underRows(fullScreen.rows, emulator, slices);
  emulator.dispose();
  return joined;
}

/** A screen with these rows as the lines above it, that shows what `emulator` shows. */
async function underRows(above: readonly string[], emulator: Emulator, slices: Slices): Promise<Emulator> {
  const { cols, rows, cursor } = emulator;
  const joined = newScreen(cols, rows);
  // Rows that were wider then are cut, not wrapped: they are pictures.
  await writeSliced(joined, `\x1b[?7l${above.map((row) => `${row}\r\n`).join('')}\x1b[?7h`, slices);
  const onScreen = Math.min(above.length, rows - 1);
  const picture = ansiRows(emulator)
    .split('\n')
    .map((row, y) => `\x1b[${y + 1};1H${row}`)
    .join('');
  const place = `\x1b[${cursor.y + 1};${cursor.x + 1}H${cursor.isVisible ? '' : '\x1b[?25l'}`;
  await writeSliced(joined, `\x1b[${rows};1H${'\n'.repeat(onScreen)}${picture}${place}`, slices);
  return joined;
}

function newScreen(cols: number, rows: number): Emulator {
  return new Emulator(cols, rows, { scrollback: historyLinesMax, isEager: true });
}
