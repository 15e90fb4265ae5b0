import { createHash, randomBytes } from 'node:crypto';
import { closeSync, lstatSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';

/** A socket's path may have 104 bytes on macOS and 108 on Linux, the name of the socket included. */
const directoryBytesMax = 80;

/** A folder that only its owner can enter: sockets, the token, the records of sessions. */
export interface RunDirectory {
  path: string;
  /** Secret of this folder: who knows it could read the folder. */
  token: string;
}

/**
 * Makes the folder (mode 0700) and its token, or checks the one that is there. Throws `socket.unsafe` for a link, for a folder
 * of somebody else and for one that others may enter. A path too long for a socket is replaced by one in the temporary folder.
 */
export function openRunDirectory(wanted: string): RunDirectory {
  const path = Buffer.byteLength(wanted) > directoryBytesMax ? shortPath(wanted) : wanted;
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  const uid = process.getuid?.() ?? found.uid;
  if (found.isSymbolicLink()) throw unsafe(path, 'it is a symbolic link');
  if (!found.isDirectory()) throw unsafe(path, 'it is not a folder');
  if (found.uid !== uid) throw unsafe(path, `it belongs to user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) throw unsafe(path, `others may enter it (mode ${(found.mode & 0o777).toString(8)})`);
  return { path, token: readToken(join(path, 'token')) };
}

function unsafe(path: string, why: string): ForgeError {
  return new ForgeError('socket.unsafe', `${path} cannot be used for sockets: ${why}.`, {
    next: `Remove it, or make it yours alone: chmod 700 ${path}`,
  });
}

function shortPath(wanted: string): string {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  return join(tmpdir(), `forge-${process.getuid?.() ?? 'user'}-${name}`);
}

function readToken(file: string): string {
  try {
    const handle = openSync(file, 'wx', 0o600);
    const token = randomBytes(24).toString('hex');
    writeSync(handle, token);
    closeSync(handle);
    return token;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  }
  const token = readFileSync(file, 'utf8').trim();
  // Another process is just writing it: a few bytes, written at once.
  return token === '' ? readToken(file) : token;
}

export function socketPath(directory: RunDirectory, daemon: string): string {
  return join(directory.path, `${daemon}.sock`);
}
