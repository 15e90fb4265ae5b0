import { readFileSync, statSync } from 'node:fs';
import { ForgeError } from '../base/errors.ts';

/** A settings file is small; more is a mistake or an attack on the parser. */
const FILE_BYTES_MAX = 1024 * 1024;

/** The text of a file of at most 1 MB, or null when there is none. */
export function readText(file: string): string | null {
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) {
      throw new ForgeError('config.invalid', `${file}: the file is larger than ${FILE_BYTES_MAX} bytes`);
    }
    return readFileSync(file, 'utf8');
  } catch (failure) {
    if (failure instanceof ForgeError) throw failure;
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new ForgeError('config.invalid', `${file}: cannot be read (${message})`, {
      next: 'Make the file readable for you.',
      cause: failure,
    });
  }
}
