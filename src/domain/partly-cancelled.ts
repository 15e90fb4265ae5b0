import { asForgeError, endSentence, ForgeError } from '../base/errors.ts';
import type { Run } from './run.ts';

/** Why not all were cancelled, and which were. */
export function partlyCancelled(failure: unknown, cancelled: readonly Pick<Run, 'id'>[]): ForgeError {
  const { code, message, next } = asForgeError(failure);
  const others = cancelled.length > 0 ? ` Cancelled are: ${cancelled.map(({ id }) => id).join(', ')}.` : '';
  return new ForgeError(code, endSentence(message) + others, { next });
}
