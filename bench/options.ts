/** How `bench/run.ts` was called: `--quick` for a first look, with fewer repetitions; `--loaded` with every core busy. */
export const isQuick = process.argv.includes('--quick');
export const isLoaded = process.argv.includes('--loaded');

/** What is not an option: names of benches. */
export const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** `few` with `--quick`, else `many`. */
export const repetitions = (many: number, few: number): number => (isQuick ? few : many);
