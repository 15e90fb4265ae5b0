import { parseArguments } from '../agents/headless/headless-arguments.ts';
import { runHeadless } from '../agents/headless/run-headless.ts';
import { runtimes } from '../agents/runtimes.ts';
import { readEnvironment } from '../config/paths.ts';

/** Holds a conversation with an agent that has no screen of its own, in the terminal of a session. */
export async function main(argv: string[]): Promise<number> {
  const given = parseArguments(argv);
  const startRuntime = runtimes[given.name];
  if (!startRuntime) throw new Error(`No agent without a screen is named ${given.name}.`);
  const leaving = new AbortController();
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => leaving.abort());
  const { stdin, stdout } = process;
  // The terminal may go before this process does.
  stdout.on('error', () => leaving.abort());
  await runHeadless({
    ...{ arguments: given, startRuntime, env: readEnvironment(), stdin, stdout, cwd: process.cwd() },
    leaving: leaving.signal,
  });
  process.exit(0);
}
