import { ForgeError } from '../../base/errors.ts';
import type { RunDirectory } from '../../daemon/run-directory.ts';
import { serveDaemon } from '../../daemon/serve.ts';
import type { Clock } from '../../ports/clock.ts';
import { hostProtocolVersion } from '../../protocol/host-messages.ts';
import { Recordings } from '../transcript/recordings.ts';
import { serveHostClient } from './host-client.ts';
import { KeeperFolders } from './keeper-folder.ts';
import { SessionRegistry } from './registry.ts';
import { SessionTable } from './session-table.ts';

/** How long the programs of sessions get to end when the host is told to stop, in ms. */
const stopGraceMs = 3_000;

export interface SessionHostOptions {
  directory: RunDirectory;
  /** Where recordings are kept, and the program of the thread that writes them. */
  recordings: { folder: string; worker: URL };
  /** The program of the thread that reads a flood, `flood-worker.ts`. */
  floodWorker: URL;
  version: string;
  clock: Clock;
  log: (line: string) => void;
}

/**
 * The session host: owns ptys and their emulators, and knows nothing of tasks. Resolves when it was told to stop, or at once
 * when another process is the host already.
 */
export async function runSessionHost(options: SessionHostOptions): Promise<void> {
  const { directory, floodWorker, version, clock, log } = options;
  const startedAt = clock();
  const server = await serveDaemon({ directory, name: 'session-host', protocol: hostProtocolVersion, version });
  if (!server) return;
  const recordings = new Recordings({ ...options.recordings, clock, log });
  const registry = new SessionRegistry(directory.path);
  const folders = new KeeperFolders(directory.path);
  const table = new SessionTable({ registry, folders, recordings, floodWorker, version, clock, log });
  // Clients that come meanwhile wait: an id of an earlier host must be known before the first one is asked for.
  const takenOver = table
    .takeOver()
    .catch((failure: Error) => log(`what an earlier host left cannot be read: ${failure.message}`));
  log(`session host ${version} runs as ${process.pid}`);

  await new Promise<void>((resolve) => {
    const stop = async (force: boolean) => {
      const live = table.liveCount;
      if (live > 0 && !force) {
        throw new ForgeError(
          'task.running',
          `${live === 1 ? 'A session is' : `${live} sessions are`} alive and would end.`,
          {
            next: 'End them first, or say --force.',
          },
        );
      }
      log('stopping');
      await table.killAll(stopGraceMs);
      await recordings.dispose();
      // The answer to whoever asked is sent first.
      setImmediate(resolve);
    };
    server.onClient((connection) => {
      void takenOver.then(() =>
        serveHostClient(connection, {
          table,
          recordings,
          stop,
          status: () => ({
            pid: process.pid,
            version,
            protocol: hostProtocolVersion,
            startedAt,
            sessions: table.liveCount,
          }),
        }),
      );
    });
    let isLeaving = false;
    const leave = (why: string) => {
      if (isLeaving) return;
      isLeaving = true;
      log(why);
      // This process ends without another turn, in which something could still be read from a terminal.
      void takenOver.then(() => table.handOver()).then(resolve);
    };
    server.onHandOver(() => leave('handing over'));
    // Whoever ends a process that takes much memory says this first, and does not mean the programs.
    process.on('SIGTERM', () => leave('told to end: the programs go on without this host'));
    process.on('SIGINT', () => {});
    process.on('SIGHUP', () => {});
  });
  server.dispose();
}
