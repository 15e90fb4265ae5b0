import { looksSecret } from '../domain/secrets.ts';

/** Shorter ones are words that stand everywhere. */
const lengthMin = 8;

/** A text without the values of those variables that seem to hold secrets. */
export function maskSecrets(text: string, env: Readonly<Record<string, string>>): string {
  let masked = text;
  for (const [name, value] of Object.entries(env)) {
    if (value.length >= lengthMin && looksSecret(name, value)) masked = masked.replaceAll(value, `[${name}]`);
  }
  return masked;
}
