import type { Emulator } from '../screen/emulator.ts';
import type { RecordedEvent } from './recording.ts';
import type { Slices } from './slices.ts';

/** Written at once, in bytes: parsed in a tenth of a millisecond. */
const pieceBytes = 4 * 1024;

/** Draws it, in slices: all of it has been parsed at the end. */
export async function writeSliced(emulator: Emulator, data: string | Uint8Array, slices: Slices): Promise<void> {
  const bytes = Buffer.from(data as string);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    let isParsed = false;
    let tell = () => {};
    emulator.write(bytes.subarray(at, at + pieceBytes), () => {
      isParsed = true;
      tell();
    });
    if (!isParsed) await new Promise<void>((resolve) => (tell = resolve));
    if (slices.isOver) await slices.next();
  }
}

/** Shows one event. `isFirst`: the emulator is new, or what it holds does not count. */
export async function playEvent(
  emulator: Emulator,
  event: RecordedEvent,
  slices: Slices,
  isFirst: boolean,
): Promise<void> {
  switch (event.kind) {
    case 'output':
      return writeSliced(emulator, event.text, slices);
    case 'resize':
      emulator.resize(event.cols, event.rows);
      return;
    case 'screen':
      if (event.isContinued && !isFirst) return;
      if (!isFirst) await writeSliced(emulator, leaveScreen(emulator.rows), slices);
      emulator.resize(event.cols, event.rows);
      return writeSliced(emulator, event.text, slices);
    case 'marker':
  }
}

/**
 * Ends whatever a program had begun, where a part of the recording is missing: the sequence, the alternate screen, the modes. What
 * the screen showed goes to the lines above it.
 */
export function leaveScreen(rows: number): string {
  return `\x18\x1b[?1049l\x1b[!p\x1b[?1;9;1000;1002;1003;1004;1006;2004;2026l\x1b>\x1b[4l\x1b[m\x1b[r\x1b[${rows};1H${'\n'.repeat(rows)}\x1b[H`;
}
