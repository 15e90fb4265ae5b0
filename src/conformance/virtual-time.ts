import { mock } from 'node:test';

/** One step, in ms: the supervisor looks at its sessions at least as often. */
export const stepMs = 50;
/** How many turns of the event loop one step may need for what files are read in it, at most. */
const turnsMax = 2_000;

/**
 * Runs `act` with a clock that goes on only when it is told to: `setTimeout`, `setInterval` and `Date` of everything that runs
 * in this process, so that an adapter reads its records exactly as it does live. Not to be nested.
 */
export async function inVirtualTime<T>(startedAt: number, act: (goOn: () => Promise<void>) => Promise<T>): Promise<T> {
  // Before the clock is stopped: it stays a real one.
  const nextTurn = setImmediate;
  const settle = async () => {
    let quiet = 0;
    for (let turn = 0; turn < turnsMax && quiet < 3; turn++) {
      await new Promise((resolve) => nextTurn(resolve));
      quiet = isReading() ? 0 : quiet + 1;
    }
  };
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: startedAt });
  try {
    return await act(async () => {
      mock.timers.tick(stepMs);
      await settle();
    });
  } finally {
    mock.timers.reset();
  }
}

function isReading(): boolean {
  return process.getActiveResourcesInfo().some((resource) => /^(FSReq|FileHandleClose|CloseReq)/.test(resource));
}
