import { plainText } from '../../base/text.ts';
import type { ProgramStatus } from '../../domain/session.ts';

/** Longest message, in characters: it has to fit a list. */
const messageMax = 200;

/** What a program says of itself to its terminal (OSC 7501). */
export function programStatus(state: ProgramStatus['state'], app: string, kind = '', message = ''): string {
  const words = Array.from(plainText(message)).slice(0, messageMax).join('');
  const more = `${kind === '' ? '' : `:kind=${kind}`}${words === '' ? '' : `:msg=${Buffer.from(words).toString('base64')}`}`;
  return `\x1b]7501;state=${state}:app=${app}${more}\x1b\\`;
}
