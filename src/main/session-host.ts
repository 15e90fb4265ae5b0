import { forgePaths, readEnvironment } from '../config/paths.ts';
import { openRunDirectory } from '../daemon/run-directory.ts';
import { runSessionHost } from '../sessions/host/run-session-host.ts';
import { compileEarly } from './compile-early.ts';
import { version } from './version.ts';

/** The session host as a process: one per FORGE_HOME; started when a session needs it. */
export async function main(): Promise<number> {
  compileEarly();
  const log = (line: string) => process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  process.on('uncaughtException', (failure) => log(`uncaught: ${failure.stack}`));
  process.on('unhandledRejection', (failure) =>
    log(`unhandled: ${failure instanceof Error ? failure.stack : failure}`),
  );
  const paths = forgePaths(readEnvironment());
  const directory = openRunDirectory(paths.runDirectory);
  // Beside this file in the bundle: the build makes it an entry of its own.
  const recordings = { folder: paths.sessionsDirectory, worker: new URL('./recording-worker.js', import.meta.url) };
  await runSessionHost({ directory, recordings, version, clock: Date.now, log });
  process.exit(0);
}
