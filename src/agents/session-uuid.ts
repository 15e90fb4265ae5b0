import { createHash } from 'node:crypto';

/** The DNS namespace of RFC 9562: any fixed one does, as long as it never changes. */
const namespace = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');

/**
 * The id under which a program that takes one keeps the conversation of a session (a UUID of version 5), so that it can be
 * resumed later without having been written down. The repository is part of it: an id that is in use is refused.
 */
export function sessionUuid(repository: string, session: string): string {
  const bytes = createHash('sha1').update(namespace).update(`forge:${repository}\0${session}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
