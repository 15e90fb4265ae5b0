import { createHash } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Disposable, disposable } from '../base/disposable.ts';
import type { RunDirectory } from './run-directory.ts';

/** On macOS and BSD, `open` with these takes the lock of `flock` or fails at once. Node has no name for the first. */
const exclusiveLock = 0x20;

/**
 * The right to be the daemon of that name, or to start it; null when another process has it. The kernel takes it back when
 * the process ends, however it ends: there is nothing stale to clean up (docs/adr/0005-one-daemon-by-kernel-lock.md).
 */
export function claimInstance(directory: RunDirectory, daemon: string): Promise<Disposable | null> {
  return process.platform === 'linux' ? claimAbstractSocket(directory, daemon) : claimLockedFile(directory, daemon);
}

function claimAbstractSocket({ token }: RunDirectory, daemon: string): Promise<Disposable | null> {
  // The name can be seen by every user once it is bound: it must not give the token away.
  const name = createHash('sha256').update(`${daemon}:${token}`).digest('hex').slice(0, 32);
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (failure: NodeJS.ErrnoException) => {
      if (failure.code === 'EADDRINUSE') resolve(null);
      else reject(failure);
    });
    server.listen(`\0forge-${name}`, () => resolve(disposable(() => server.close())));
  });
}

async function claimLockedFile({ path }: RunDirectory, daemon: string): Promise<Disposable | null> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock;
  try {
    const handle = openSync(join(path, `${daemon}.lock`), flags, 0o600);
    return disposable(() => closeSync(handle));
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw failure;
  }
}
