import { spawn } from 'node:child_process';
import { type Disposable, disposable } from '../../base/disposable.ts';

/**
 * Reads until its input ends: that is when it is no longer needed, or whoever holds the program was killed. Tools of a program are in
 * groups and sessions of their own, but its children all the same while it lives: so they are looked up before anything is ended.
 */
const script = `
read -r word
[ "$word" = over ] && exit
below() { for child in $(cat /proc/"$1"/task/*/children || pgrep -P "$1"); do echo "$child"; below "$child"; done; }
all="-$1 $(below "$1")"
kill -TERM $all
sleep 3
kill -KILL $all`;

/**
 * Ends a program and all that it started when this process dies without a chance to do it itself: a program that is talked to by
 * pipes would go on working, with nobody to see it.
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
