import { readFileSync } from 'node:fs';
import { forgePaths, readEnvironment } from '../config/paths.ts';
import { openRunDirectory } from '../daemon/run-directory.ts';
import { runSessionHost } from '../sessions/host/run-session-host.ts';
import { compileEarly } from './compile-stages.ts';
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
  const recordings = { folder: paths.sessionsDirectory, worker: program('recording-worker') };
  await runSessionHost({ directory, recordings, floodWorker: program('flood-worker'), version, clock: Date.now, log });
  process.exit(0);
}

/** Of a thread. It is read now: when the thread is started, another Forge may have been installed in this one's place. */
function program(name: string): URL {
  // Beside this file in the bundle: the build makes each a file of its own.
  const text = readFileSync(new URL(`./${name}.js`, import.meta.url), 'base64');
  return new URL(`data:text/javascript;base64,${text}`);
}
