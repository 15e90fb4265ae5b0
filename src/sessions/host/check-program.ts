import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import type { SessionSpec } from '../../domain/session.ts';
import { isExecutable } from '../../processes/is-executable.ts';

/** What the system looks through when a program has no PATH. */
const defaultPath = '/bin:/usr/bin';

/** Throws `spawn.failed` for what a pty would tell too late, as an exit status: no such folder, no such program. */
export function checkProgram({ command, cwd, env }: SessionSpec): void {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ForgeError('spawn.failed', `The folder ${cwd} does not exist.`, { next: 'Dispatch the task again.' });
  }
  const [program = ''] = command;
  const candidates = program.includes('/')
    ? [resolve(cwd, program)]
    : (env.PATH ?? defaultPath).split(':').map((folder) => resolve(cwd, folder, program));
  if (!candidates.some(isExecutable)) {
    const where = program.includes('/') ? '' : ' on the PATH of the session';
    throw new ForgeError('spawn.failed', `There is no program ${program}${where}.`);
  }
}
