import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ForgeError } from '../base/errors.ts';
import { type Hello, welcomeSchema } from '../protocol/hello.ts';
import { Connection, nextMessage } from './connection.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { socketPath } from './run-directory.ts';

/** Nobody listens, or nobody can be reached just now: more clients wait than the kernel queues, or it is just leaving. */
const nobodyCodes = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN', 'ECONNRESET', 'EPIPE']);

/** How long a daemon may take to hand over, in ms: what its programs wrote is parsed first. */
const handOverMs = 15_000;

/** How long a daemon may take to answer a hello, in ms. It is one process of one thread, and may be busy. */
const welcomeMs = 10_000;

/** A connection to the daemon, or null when none listens. Throws `protocol.mismatch` and `socket.unsafe`, with the reason in words. */
export function connectDaemon(options: DaemonOptions): Promise<Connection | null> {
  return greet(options, {});
}

/** Asks the daemon to leave everything to its successor, whatever protocol it speaks. Resolves when it has gone, or none was there. */
export async function askHandOver(options: DaemonOptions): Promise<void> {
  const connection = await greet(options, { wish: 'hand-over' });
  if (!connection) return;
  const gone = new Promise<boolean>((resolve) => connection.onClose(() => resolve(true)));
  const late = pause(handOverMs, false, { ref: false });
  if (await Promise.race([gone, late])) return;
  connection.destroy();
  throw new ForgeError('host.unreachable', `The ${options.name} did not leave within ${handOverMs / 1000} s.`);
}

async function greet(
  { directory, name, protocol, version }: DaemonOptions,
  wish: Pick<Hello, 'wish'>,
): Promise<Connection | null> {
  const path = socketPath(directory, name);
  const connection = await openSocket(path);
  if (!connection) return null;
  connection.send({ type: 'hello', daemon: name, protocol, version, token: directory.token, ...wish } satisfies Hello);
  const answer = welcomeSchema.safeParse(await nextMessage(connection, welcomeMs));
  if (answer.success && answer.data.type === 'welcome') return connection;
  connection.destroy();
  if (!answer.success) return null;
  const { reason, message } = answer.data as { reason: string; message: string };
  throw new ForgeError(reason === 'protocol' ? 'protocol.mismatch' : 'socket.unsafe', message);
}

/** Null when nobody listens there. */
export function openSocket(path: string): Promise<Connection | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(new Connection(socket));
    });
    socket.once('error', (failure: NodeJS.ErrnoException) => {
      if (nobodyCodes.has(failure.code ?? '')) resolve(null);
      else if (failure.code === 'EACCES' || failure.code === 'EPERM') {
        reject(new ForgeError('socket.unsafe', `${path} belongs to another user.`));
      } else reject(failure);
    });
  });
}
