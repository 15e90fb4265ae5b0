import { setFlagsFromString } from 'node:v8';

/**
 * V8 makes quick code of a function after 400 calls, and not within 500 of what it last learned of it: some thousand keys, each of
 * which takes half as long again until then. Later stages stay as they are: they stop the program for longer than they save.
 */
const early = ['--invocation-count-for-maglev=40', '--minimum-invocations-after-ic-update=50'];

/** Of what runs once: making quick code of it takes a processor from the program that is starting. */
const notYet = ['--no-maglev', '--no-opt'];
const now = ['--maglev', '--opt'];

/** Whoever started this Node has chosen already; without a compiler at all V8 crashes when it is told to use one. */
const isChosen = /--(jitless|(no-?)?(opt|maglev|turbofan))\b/.test(
  [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').replaceAll('_', '-'),
);

let isLittle = false;

/** While a program that answers keys is starting; `compileEarly` follows. */
export function compileLittle(): void {
  if (isChosen) return;
  isLittle = true;
  set(notYet);
}

/** For programs that answer keys. */
export function compileEarly(): void {
  set(isLittle ? [...now, ...early] : early);
  isLittle = false;
}

/** Only where the flags are known: any other V8 would complain about them on the terminal. */
function set(flags: string[]): void {
  if (process.versions.node.startsWith('24.')) for (const flag of flags) setFlagsFromString(flag);
}
