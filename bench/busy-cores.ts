import { spawn } from 'node:child_process';

/**
 * Does `work` while `count` programs do nothing but keep a core busy each. Each in a session of its own, as programs in other windows
 * are: Linux shares the processor out by session, and the outer terminal, which is of ours, would wait behind those of its own.
 */
export async function withBusyCores(count: number, work: () => Promise<void>): Promise<void> {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', `for (;;) if (process.ppid !== ${process.pid}) break`], {
      stdio: 'ignore',
      detached: true,
    }),
  );
  try {
    await work();
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
  }
}
