import { readFileSync } from 'node:fs';
import { until } from './until.ts';

/** It has written all that its terminal takes. */
export async function isHeldUp(terminal: { pid: number }): Promise<void> {
  let written = -1;
  await until('a program that cannot write on', () => {
    const last = written;
    written = Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${terminal.pid}/io`, 'utf8'))?.[1]);
    return written > 0 && written === last;
  });
}
