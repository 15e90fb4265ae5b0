import { spawn } from 'node:child_process';

/** Does `work` while `count` programs do nothing but keep a core busy each. */
export async function withBusyCores(count: number, work: () => Promise<void>): Promise<void> {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'for (;;) if (process.ppid === 1) break'], { stdio: 'ignore' }),
  );
  try {
    await work();
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
  }
}
