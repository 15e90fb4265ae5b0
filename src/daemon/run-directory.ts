import { createHash, randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
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
  const path = runDirectoryPath(wanted);
  makeFolder(path);
  const found = lookAt(path);
  if (!found) throw unsafe(path, 'it cannot be made');
  const uid = process.getuid?.() ?? found.uid;
  if (found.isSymbolicLink()) throw unsafe(path, 'it is a symbolic link');
  if (!found.isDirectory()) throw unsafe(path, 'it is not a folder');
  if (found.uid !== uid) throw unsafe(path, `it belongs to user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) throw unsafe(path, `others may enter it (mode ${(found.mode & 0o777).toString(8)})`);
  return { path, token: readToken(join(path, 'token')) };
}

/** Where the folder is; nothing is made. */
export function runDirectoryPath(wanted: string): string {
  return Buffer.byteLength(wanted) > directoryBytesMax ? shortPath(wanted) : wanted;
}

/** What is in the way is told by the look at it that follows. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (failure) {
    if (!lookAt(path)) throw unsafe(path, `it cannot be made (${(failure as NodeJS.ErrnoException).code})`);
  }
}

function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
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

/** It appears complete or not at all: a link to a finished file, which fails when another process was first. */
function readToken(file: string): string {
  const present = tokenIn(file);
  if (present !== null) return present;
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    // A file that holds no token, such as an empty one after a full disk, is replaced.
    if (tokenIn(file) === null) renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  const token = tokenIn(file);
  if (token === null) throw unsafe(file, 'no token can be kept there');
  return token;
}

function tokenIn(file: string): string | null {
  try {
    const token = readFileSync(file, 'utf8').trim();
    return /^[0-9a-f]{48}$/.test(token) ? token : null;
  } catch {
    return null;
  }
}

export function socketPath(directory: RunDirectory, daemon: string): string {
  return join(directory.path, `${daemon}.sock`);
}
