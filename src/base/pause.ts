const never = new Int32Array(new SharedArrayBuffer(4));

/** Holds up this process: for what must be over before anything else goes on. */
export function pause(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}
