import type { ScreenFactory } from '../../ports/screen.ts';
import { Emulator } from './emulator.ts';

/** Screens for what a client shows: they never answer a query. */
export const screenFactory: ScreenFactory = {
  create: (cols, rows, options = {}) => new Emulator(cols, rows, { ...options, isEager: true }),
};
