import type { Emulator } from '../screen/emulator.ts';
import { restoreScreen as restoreFromRecording } from '../transcript/restore-screen.ts';
import type { HandedOver } from './keeper-folder.ts';

/**
 * Draws what an adopted session showed before anything new is parsed; true when that is all it showed. Nothing that is
 * written here is answered or taken for the program's word: the emulator is not listened to yet. After a host that was killed
 * there is the recording, which lacks the last moment.
 */
export async function restoreScreen(
  emulator: Emulator,
  handedOver: HandedOver | null,
  recording: string,
): Promise<boolean> {
  if (handedOver) {
    await new Promise<void>((resolve) => emulator.write(handedOver.screen, resolve));
    return true;
  }
  const { cols, rows } = emulator;
  await restoreFromRecording(emulator, recording).catch(() => false);
  // The session's size is that of its terminal now.
  emulator.resize(cols, rows);
  return false;
}
