/** Put in by the build: false in the program that people run. */
declare const FORGE_FAULTS: boolean | undefined;

let strike: (point: string) => void = () => {};

/** Called with each point that is passed from now on, in a build for the crash harness; never in any other. */
export function onFaultPoint(listener: (point: string) => void): void {
  strike = listener;
}

/**
 * A place where the crash harness may end this process: before and after each thing that must not be half done. In the program
 * that people run it is nothing: the build takes the calls out.
 */
export function faultPoint(point: string): void {
  if (typeof FORGE_FAULTS === 'boolean' && FORGE_FAULTS) strike(point);
}
