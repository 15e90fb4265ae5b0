import { spawn } from 'node:child_process';
import type { ThrowAwayWorld } from './throw-away-world.ts';

/** Ms from the start of a command, without a terminal, to its end. Fails when the command fails. */
export function timeToExit([program = '', ...args]: string[], { repository, env }: ThrowAwayWorld): Promise<number> {
  return new Promise((done, fail) => {
    const startedAt = performance.now();
    const child = spawn(program, args, { cwd: repository, env, stdio: 'ignore' });
    child.on('error', fail);
    child.on('exit', (status) => {
      if (status === 0) done(performance.now() - startedAt);
      else fail(new Error(`${[program, ...args].join(' ')} ended with ${status}`));
    });
  });
}
