import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edited } from '../app/edit-task.ts';
import { ForgeError } from '../base/errors.ts';

/** What POSIX has everywhere. */
const ordinaryEditor = 'vi';

/**
 * `$VISUAL` or `$EDITOR`, as git starts it: by a shell, with the file as its last argument, on the person's terminal. Resolves
 * with what the person left in the file; rejects with `editor.failed`: then the file stays, unless no editor had it.
 */
export async function runEditor(text: string, name: string, environment: Record<string, string>): Promise<Edited> {
  const command = environment.VISUAL || environment.EDITOR || ordinaryEditor;
  const folder = mkdtempSync(join(tmpdir(), 'forge-edit-'));
  const file = join(folder, name);
  const discard = () => rmSync(folder, { recursive: true, force: true });
  writeFileSync(file, text, { mode: 0o600 });
  const { what, isStarted } = await run(command, file, environment);
  if (what === null) return { text: readFileSync(file, 'utf8'), file, discard };
  if (!isStarted) discard();
  const kept = isStarted ? ` What was written is in ${file}.` : '';
  throw new ForgeError('editor.failed', `The editor “${command}” ${what}. Nothing was changed.${kept}`);
}

/** `what` went wrong; null: nothing. */
interface EditorEnd {
  what: string | null;
  isStarted: boolean;
}

function run(command: string, file: string, env: Record<string, string>): Promise<EditorEnd> {
  const ended = Promise.withResolvers<EditorEnd>();
  const end = (what: string | null, isStarted = true) => ended.resolve({ what, isStarted });
  const child = spawn('/bin/sh', ['-c', `${command} "$@"`, command, file], { stdio: 'inherit', env });
  child.once('error', (failure) => end(`could not be started: ${failure.message}`, false));
  child.once('exit', (status, signal) => {
    if (status === 0) end(null);
    else if (status === missingStatus) end('was not found', false);
    else end(signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
  });
  return ended.promise;
}

/** Of a shell that does not find a command. */
const missingStatus = 127;
