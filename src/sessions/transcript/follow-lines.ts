import { setTimeout as pause } from 'node:timers/promises';
import { ForgeError } from '../../base/errors.ts';
import { logicalLines } from '../../domain/logical-lines.ts';
import type { RecordingPlace } from '../../ports/session-host.ts';
import { HistoryPlayer } from './history.ts';
import { RecordingTail } from './recording-tail.ts';

/** How often new lines are looked for, in ms. */
const lookMs = 250;

/** See `SessionHost.follow`. `look` asks the host, which writes what it holds back to the recording first. */
export async function followLines(
  look: () => Promise<RecordingPlace>,
  listener: (lines: string[]) => void,
): Promise<void> {
  let place = await look();
  const tail = new RecordingTail(place.folder);
  let events = await tail.read();
  if (tail.header === null) throw new ForgeError('recording.missing', 'The session is not recorded.');
  const player = new HistoryPlayer(tail.header.cols, tail.header.rows);
  const printed = new PrintedLines(player);
  try {
    for (;;) {
      await player.play(events);
      const lines = printed.next(place.isEnded);
      if (lines.length > 0) listener(lines);
      if (place.isEnded) return;
      await pause(lookMs);
      place = await look();
      events = await tail.read();
    }
  } finally {
    player.emulator.dispose();
  }
}

/** Which lines were told already. */
class PrintedLines {
  readonly #player: HistoryPlayer;
  /** The first line that was not told: it moves with its line when older ones are dropped. */
  #next: { line: number } | undefined;

  constructor(player: HistoryPlayer) {
    this.#player = player;
  }

  /** Lines above that of the cursor are complete; at the end all are. */
  next(isEnded: boolean): string[] {
    const { emulator, fullScreen } = this.#player;
    fullScreen.look(emulator);
    const lines = fullScreen.rows.splice(0).map((row) => row.replace(/\x1b\[[\d;]*m/g, ''));
    const { active } = emulator.terminal.buffer;
    if (active.type === 'alternate') {
      return isEnded ? [...lines, ...withoutBlankEnd(logicalLines(emulator, 0, emulator.lineCount))] : lines;
    }
    const cursor = active.baseY + active.cursorY;
    const first = Math.max(0, this.#next?.line ?? 0);
    let end = isEnded ? emulator.lineCount : cursor;
    while (!isEnded && end > first && emulator.isWrapped(end)) end -= 1;
    if (end > first || this.#next === undefined) {
      lines.push(...logicalLines(emulator, first, end));
      this.#next = emulator.terminal.registerMarker(end - cursor);
    }
    return isEnded ? withoutBlankEnd(lines) : lines;
  }
}

function withoutBlankEnd(lines: string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}
