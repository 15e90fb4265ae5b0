import type { Emulator } from '../screen/emulator.ts';
import type { HandedOver } from './keeper-folder.ts';

/**
 * Draws what an adopted session showed before anything new is parsed; true when it could. Nothing that is written here is
 * answered or taken for the program's word: the emulator is not listened to yet. After a host that was killed nothing is
 * known of the screen.
 */
export function restoreScreen(emulator: Emulator, handedOver: HandedOver | null): Promise<boolean> {
  if (!handedOver) return Promise.resolve(false);
  return new Promise((resolve) => emulator.write(handedOver.screen, () => resolve(true)));
}
