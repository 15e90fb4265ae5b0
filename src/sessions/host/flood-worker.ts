import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { FloodRing } from './flood-ring.ts';

/** A terminal that gives less than the second, in bytes, within the first, in ms, is left to the other thread. */
const calmMs = 250;
const calmBytes = 128 * 1024;

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
  let periodAt = performance.now();
  let periodBytes = 0;
  while (!ring.isStopped) {
    const now = performance.now();
    if (now - periodAt >= calmMs) {
      if (periodBytes < calmBytes) return;
      periodAt = now;
      periodBytes = 0;
    }
    const room = ring.room();
    if (room.length === 0) {
      ring.waitForRoom(fullMs);
      // Nobody knows what it would have given.
      periodBytes = calmBytes;
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
      periodBytes += length;
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
