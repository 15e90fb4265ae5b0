/**
 * How `bench/run.ts` was called: `--quick` for a first look, with fewer repetitions; `--loaded` with every core busy;
 * `--program-echo` without letters that are shown before the program has echoed them.
 */
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    loaded: { type: 'boolean', default: false },
    'program-echo': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

export const { quick: isQuick, loaded: isLoaded, 'program-echo': isProgramEcho, help: isHelp } = values;

/** What is not an option: names of benches. */
export const names = positionals;

/** `few` with `--quick`, else `many`. */
export const repetitions = (many: number, few: number): number => (isQuick ? few : many);
