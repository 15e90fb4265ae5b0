import type { Emulator } from '../screen/emulator.ts';
import { playEvent } from './play.ts';
import { readRecording } from './recording.ts';
import { segmentFiles } from './segment.ts';
import { Slices } from './slices.ts';

/**
 * Draws on a new emulator what the newest segment of the recording in `folder` ends with: main and alternate screen, modes and
 * size, and the lines that scrolled away since the segment began. False when there is no recording. Throws
 * `recording.unreadable`.
 */
export async function restoreScreen(emulator: Emulator, folder: string): Promise<boolean> {
  const recording = await readRecording(segmentFiles(folder).slice(-1));
  if (recording === null) return false;
  const slices = new Slices();
  for (const [index, event] of recording.events.entries()) await playEvent(emulator, event, slices, index === 0);
  return true;
}
