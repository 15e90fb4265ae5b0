import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { type Disposable, DisposableStack } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { type Hello, helloSchema, type Welcome } from '../protocol/hello.ts';
import { openSocket } from './connect.ts';
import { Connection, nextMessage } from './connection.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { socketPath } from './run-directory.ts';
import { claimInstance } from './single-instance.ts';

/** A client that has not said hello within this, in ms, is cut off. */
const helloMs = 5_000;

/** Largest hello, in bytes: nobody is known yet, so nothing large is taken in. */
const helloBytesMax = 4 * 1024;

/** Clients at once: dashboards, commands, the supervisor; more is a fault. */
const clientsMax = 200;

export interface DaemonServer extends Disposable {
  /** Called with each client that proved itself. */
  onClient(listener: (connection: Connection) => void): Disposable;
  /** Called when a client, of whatever version, asks this daemon to make room for its successor. */
  onHandOver(listener: () => void): Disposable;
}

/** Becomes the daemon of that name and listens; null when another process is it already. */
export async function serveDaemon(options: DaemonOptions): Promise<DaemonServer | null> {
  const { directory, name } = options;
  const instance = await claimInstance(directory, name);
  if (!instance) return null;
  const held = new DisposableStack();
  held.use(instance);
  const path = socketPath(directory, name);
  // Whoever holds the instance may remove the socket, since it is a dead one's; unless somebody answers there after all: a
  // daemon of an earlier build, which has another kind of lock.
  const present = await openSocket(path).catch(() => null);
  if (present) {
    present.destroy();
    held.dispose();
    return null;
  }
  rmSync(path, { force: true });
  const clients = new Emitter<Connection>();
  const handOvers = new Emitter<void>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, { untrustedPayloadMax: helloBytesMax });
    void admit(connection, options).then((hello) => {
      if (hello?.wish) handOvers.emit();
      else if (hello) clients.emit(connection);
    });
  });
  server.maxConnections = clientsMax;
  try {
    await listen(server, path);
  } catch (failure) {
    held.dispose();
    throw failure;
  }
  held.defer(() => {
    server.close();
    rmSync(path, { force: true });
  });
  return {
    onClient: (listener) => clients.on(listener),
    onHandOver: (listener) => handOvers.on(listener),
    dispose: () => held.dispose(),
  };
}

/** The socket is made with mode 0600 from the start. */
async function listen(server: Server, path: string): Promise<void> {
  const isListening = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
  });
  const umask = process.umask(0o077);
  try {
    server.listen(path);
  } finally {
    process.umask(umask);
  }
  await isListening;
  chmodSync(path, 0o600);
}

async function admit(connection: Connection, options: DaemonOptions): Promise<Hello | null> {
  const parsed = helloSchema.safeParse(await nextMessage(connection, helloMs));
  const refusal = parsed.success ? refusalOf(parsed.data, options) : null;
  if (!parsed.success || refusal) {
    if (refusal) connection.send(refusal);
    connection.dispose();
    return null;
  }
  const { protocol, version } = options;
  connection.trust();
  connection.send({ type: 'welcome', protocol, version } satisfies Welcome);
  return parsed.data;
}

function refusalOf(hello: Hello, { directory, name, protocol, version }: DaemonOptions): Welcome | null {
  if (!isSame(hello.token, directory.token)) {
    return { type: 'refused', reason: 'token', message: 'The token is not that of this run directory.' };
  }
  if (hello.daemon !== name) return { type: 'refused', reason: 'daemon', message: `This is the ${name}.` };
  if (hello.protocol === protocol || hello.wish) return null;
  const message = `The ${name} that runs is version ${version} and speaks protocol ${protocol}; this is ${hello.version} and speaks ${hello.protocol}.`;
  return { type: 'refused', reason: 'protocol', message };
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
