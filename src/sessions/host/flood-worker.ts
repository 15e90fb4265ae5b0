import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { FloodRing } from './flood-ring.ts';

/** A terminal that gives nothing for so long is left to the other thread, in ms. */
const calmMs = 100;

/** Between two looks whether there is something to read, in ms: so long after the first, doubled up to the last. */
const lookMsMin = 0.01;
const lookMsMax = 1;

/** Between two looks whether it is over, in ms, while there is no room. */
const fullMs = 20;

// One is thrown each time that there is nothing to read.
Error.stackTraceLimit = 0;

const { fd, shared } = workerData as { fd: number; shared: SharedArrayBuffer };
const ring = new FloodRing(shared);
ring.waitForStart();
try {
  readUntilCalm();
} finally {
  ring.over();
  parentPort?.postMessage('over');
}

function readUntilCalm(): void {
  let lookMs = lookMsMin;
  let lastAt = performance.now();
  while (!ring.isStopped && performance.now() - lastAt < calmMs) {
    const room = ring.room();
    if (room.length === 0) {
      ring.waitForRoom(fullMs);
      lastAt = performance.now();
      continue;
    }
    const length = read(room);
    if (length === null) return;
    if (length === 0) {
      ring.waitForStop(lookMs);
      lookMs = Math.min(lookMsMax, lookMs * 2);
    } else {
      if (ring.wrote(length)) parentPort?.postMessage('some');
      lookMs = lookMsMin;
      lastAt = performance.now();
    }
  }
}

/** How many bytes: 0 when there are none now, null when there will be none. */
function read(room: Uint8Array): number | null {
  try {
    return readSync(fd, room) || null;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : null;
  }
}
