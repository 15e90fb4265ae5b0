import type { RecordingPlace } from '../../ports/session-host.ts';
import { Emulator } from '../screen/emulator.ts';
import { ansiRows } from '../screen/snapshot.ts';
import { FullScreenHistory } from './full-screen-history.ts';
import { playEvent, writeSliced } from './play.ts';
import { type RecordedEvent, type Recording, readRecording } from './recording.ts';
import { segmentFiles } from './segment.ts';
import { Slices } from './slices.ts';

/** Lines above the screen that a history has at most: 5 MB at 20 columns, 50 MB at 200, in whoever reads. */
export const historyLinesMax = 20_000;

/** Segments that are tried first: 4 MB of output hold the bound of lines of 200 columns. Full-screen programs need all. */
const firstSegments = 4;

/** How often a full-screen program is looked at, in seconds of the recording: as often as its spinner turns. */
const lookSeconds = 0.1;

/** All lines of a recording that are kept, with the last screen below them. Null when nothing was recorded. */
export async function readHistory(source: RecordingPlace): Promise<Emulator | null> {
  const files = segmentFiles(source.folder);
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

async function playHistory(recording: Recording, { cols, rows, isEnded }: RecordingPlace): Promise<Emulator> {
  const player = new HistoryPlayer(recording.header.cols, recording.header.rows);
  await player.play(recording.events);
  const { emulator, fullScreen } = player;
  fullScreen.look(emulator);
  emulator.resize(cols, rows);
  const isFullScreen = emulator.modes.alternateScreen || (isEnded && fullScreen.rows.length > emulator.lineCount);
  if (!isFullScreen) return emulator;
  const joined = await underRows(fullScreen.rows, emulator);
  emulator.dispose();
  return joined;
}

/** Plays a recording from its first event on, and keeps what scrolls away: lines, and rows of full-screen programs. */
export class HistoryPlayer {
  readonly emulator: Emulator;
  readonly fullScreen = new FullScreenHistory(historyLinesMax);
  #isFirst = true;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(cols: number, rows: number) {
    this.emulator = newScreen(cols, rows);
  }

  /** The next events. */
  async play(events: readonly RecordedEvent[]): Promise<void> {
    const slices = new Slices();
    for (const event of events) {
      if (this.#isLookDue(event)) this.fullScreen.look(this.emulator);
      await playEvent(this.emulator, event, slices, this.#isFirst);
      this.#isFirst = false;
      if (slices.isOver) await slices.next();
    }
  }

  #isLookDue(event: RecordedEvent): boolean {
    const isLast = event.kind === 'output' && event.text.includes('\x1b[?1049l');
    if (!isLast && event.at - this.#lookedAt < lookSeconds) return false;
    this.#lookedAt = event.at;
    return this.emulator.modes.alternateScreen;
  }
}

/** A screen with these rows as the lines above it, that shows what `emulator` shows. */
async function underRows(above: readonly string[], emulator: Emulator): Promise<Emulator> {
  const slices = new Slices();
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
