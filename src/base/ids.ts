/** Digits and letters without those that look alike (0/o, 1/l/i): ids are read aloud and typed. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

/**
 * `length` random characters of the id alphabet, about 5 bits each. For names, not for secrets: to load what makes those takes as
 * long as adding a task.
 */
export function randomId(length: number): string {
  return Array.from({ length }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');
}

/** The grammar of every id and branch part that Forge makes: no dot, no slash, no leading dash, at most 64 characters. */
export const idPattern = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** A title as a part of a branch or folder name: `Fix the login!` is `fix-the-login`. May be empty. */
export function slug(title: string, lengthMax = 40): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return words.slice(0, lengthMax).replace(/^-+|-+$/g, '');
}
