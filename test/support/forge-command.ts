import { resolve } from 'node:path';

/** How Forge is started from its source. */
export const forgeCommand: readonly string[] = [
  process.execPath,
  resolve(import.meta.dirname, '../../src/main/forge.ts'),
];
