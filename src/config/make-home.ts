import { accessSync, constants, mkdirSync } from 'node:fs';
import { ForgeError } from '../base/errors.ts';
import type { ForgePaths } from './paths.ts';

/** Makes Forge's own folder, for its owner alone. Throws `home.unusable` before anything else was changed. */
export function makeHome({ home }: ForgePaths): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK);
  } catch (failure) {
    const why = (failure as NodeJS.ErrnoException).code ?? 'no reason given';
    throw new ForgeError('home.unusable', `Forge cannot keep its state in ${home} (${why}).`);
  }
}
