import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import type { SessionSpec } from '../../domain/session.ts';

/** Throws `spawn.failed` for what a pty would tell too late, as an exit status: no such folder, no such program. */
export function checkProgram({ command, cwd, env }: SessionSpec): void {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ForgeError('spawn.failed', `The folder ${cwd} does not exist.`, { next: 'Dispatch the task again.' });
  }
  const [program = ''] = command;
  const candidates = program.includes('/')
    ? [isAbsolute(program) ? program : join(cwd, program)]
    : (env.PATH ?? '').split(':').map((folder) => join(folder || '.', program));
  if (!candidates.some(isExecutable)) {
    const where = program.includes('/') ? '' : ' on the PATH of the session';
    throw new ForgeError('spawn.failed', `There is no program ${program}${where}.`);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
