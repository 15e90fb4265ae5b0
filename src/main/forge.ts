import { version } from './version.ts';

/** Put in by the build: true only in one for the crash harness. */
declare const FORGE_FAULTS: boolean | undefined;

/** The programs inside this one: each is loaded only when it is asked for. */
const programs: Record<string, () => Promise<{ main(argv: string[]): Promise<number> }>> = {
  '__session-host': () => import('./session-host.ts'),
  __supervisor: () => import('./supervisor.ts'),
  __headless: () => import('./headless.ts'),
  '__demo-agent': () => import('./demo-agent.ts'),
};

const argv = process.argv.slice(2);
const [first = ''] = argv;
if (argv.length === 1 && (first === '--version' || first === '-v')) {
  process.stdout.write(`${version}\n`);
} else {
  (await import('./compile-cache.ts')).keepCompiledCode();
  if (typeof FORGE_FAULTS === 'boolean' && FORGE_FAULTS) (await import('./fault-points.ts')).armFaultPoints();
  const program = await (programs[first]?.() ?? import('./command-line.ts'));
  process.exitCode = await program.main(first in programs ? argv.slice(1) : argv);
}
