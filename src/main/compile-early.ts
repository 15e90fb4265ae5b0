import { setFlagsFromString } from 'node:v8';

/**
 * V8 makes quick code of a function after 400 calls, and not within 500 of what it last learned of it: some thousand keys, each of
 * which takes half as long again until then. Later stages stay as they are: they stop the program for longer than they save.
 */
const flags = ['--invocation-count-for-maglev=40', '--minimum-invocations-after-ic-update=50'];

/** For programs that answer keys. Only where the flags are known: any other V8 would complain about them on the terminal. */
export function compileEarly(): void {
  if (process.versions.node.startsWith('24.')) for (const flag of flags) setFlagsFromString(flag);
}
