import type { Disposable } from '../base/disposable.ts';
import type { ForgeCli } from '../cli/forge-cli.ts';
import { runProgram } from '../cli/run-program.ts';
import { isStandardErrorUsed, standardError } from './standard-error.ts';

/** Runs one command line to its end, and ends this process with its status. */
export async function runCommandLine(
  argv: string[],
  cli: ForgeCli & Disposable,
  routes: Parameters<typeof runProgram>[2],
  env: Record<string, string>,
): Promise<never> {
  // A pipe that was closed (forge task list | head) is the reader's choice, not an error.
  process.stdout.on('error', (failure: NodeJS.ErrnoException) => process.exit(failure.code === 'EPIPE' ? 0 : 1));
  const { stdout } = process;
  const streams = {
    stdout,
    get stderr() {
      return standardError();
    },
  };
  let status = 1;
  try {
    status = await runProgram(argv, cli, routes, streams, env);
  } finally {
    cli.dispose();
  }
  // What was printed is handed over first. Then nothing is awaited that a library left behind, such as its timers.
  await Promise.all([stdout, ...(isStandardErrorUsed() ? [process.stderr] : [])].map(handOver));
  process.exit(status);
}

function handOver(stream: NodeJS.WriteStream): Promise<void> | undefined {
  return stream.writableLength === 0 ? undefined : new Promise((done) => stream.write('', () => done()));
}
