import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';

/** What POSIX has everywhere. */
const ordinaryEditor = 'vi';

/**
 * `$VISUAL` or `$EDITOR`, as git starts it: by a shell, with the file as its last argument, on the person's terminal. Resolves
 * with what the person left in the file; rejects with `editor.failed`.
 */
export async function runEditor(text: string, name: string, environment: Record<string, string>): Promise<string> {
  const command = environment.VISUAL || environment.EDITOR || ordinaryEditor;
  const folder = mkdtempSync(join(tmpdir(), 'forge-edit-'));
  const file = join(folder, name);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    await run(command, file, environment);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, file: string, env: Record<string, string>): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const fail = (what: string) =>
    ended.reject(new ForgeError('editor.failed', `The editor “${command}” ${what}. Nothing was changed.`));
  const child = spawn('/bin/sh', ['-c', `${command} "$@"`, command, file], { stdio: 'inherit', env });
  child.once('error', (failure) => fail(`could not be started: ${failure.message}`));
  child.once('exit', (status, signal) => {
    if (status === 0) ended.resolve();
    else if (status === missingStatus) fail('was not found');
    else fail(signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
  });
  return ended.promise;
}

/** Of a shell that does not find a command. */
const missingStatus = 127;
