import { spawn } from 'node:child_process';
import { type Disposable, disposable } from '../../base/disposable.ts';

/** Reads until its input ends: that is when it is no longer needed, or whoever holds the program was killed. */
const script = 'read -r word; [ "$word" = over ] && exit; kill -TERM -"$1"; sleep 3; kill -KILL -"$1"';

/**
 * Ends a program, by its process group, when this process dies without a chance to do it itself: a program that is talked to
 * by pipes would go on working, with nobody to see it.
 */
export function guardProgram(group: number): Disposable {
  const guard = spawn('/bin/sh', ['-c', script, 'forge-guard', String(group)], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return disposable(() => guard.stdin.end('over\n'));
}
