import { spawn } from 'node:child_process';

/** A thread for each core; they end with this process too, however it ends. */
const program = (count: number) => `
const { Worker } = require('node:worker_threads');
for (let n = 0; n < ${count}; n++) new Worker('for (;;) if (process.ppid !== ${process.pid}) break', { eval: true });
`;

/**
 * Does `work` while `count` threads do nothing but keep a core busy each. They are in a session of their own, as a build in another window
 * is: Linux shares the processor out by session, and the outer terminal, which is of ours, would wait behind those of its own.
 */
export async function withBusyCores(count: number, work: () => Promise<void>): Promise<void> {
  const busy = spawn(process.execPath, ['-e', program(count)], { stdio: 'ignore', detached: true });
  try {
    await work();
  } finally {
    busy.kill('SIGKILL');
  }
}
