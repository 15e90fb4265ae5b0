import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import { endTree, startTimeOf } from '../processes/end-tree.ts';

/** How long one command may take, in ms: an install of a large project, not a server. */
const commandMs = 15 * 60_000;

/** What a log may hold, in bytes; the oldest part goes. */
const logBytesMax = 1_000_000;

/** How often that is looked after, in ms. */
const lookMs = 1_000;

/** How much of a failing command's output is told, in characters from its end. */
const outputTailMax = 500;

/** How long a command that is to end may take to do so itself, in ms. */
const graceMs = 500;

export interface LoggedCommand {
  command: string;
  cwd: string;
  env: Record<string, string>;
  /** Its output is added there. */
  log: string;
  /** Where it is noted which process it is, while it runs. */
  note: string;
  signal: AbortSignal;
}

/** The shell waits for a line before it begins: killed before its process was noted, Forge leaves nothing that runs. */
const waiting = 'read -r go || exit 1; exec /bin/sh -c "$0" </dev/null';

/**
 * Runs a shell command with its output in a file, in a process group of its own. Throws `spawn.failed` with the end of its output when
 * it fails, takes too long or is aborted. It goes on when this process is killed, and is then ended by `endNoted`.
 */
export function runLogged({ command, cwd, env, log, note, signal }: LoggedCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    writeFileSync(log, `$ ${command}\n`, { flag: 'a', mode: 0o600 });
    const from = statSync(log).size;
    const output = openSync(log, 'a');
    const child = spawn('/bin/sh', ['-c', waiting, command], {
      cwd,
      env,
      stdio: ['pipe', output, output],
      detached: true,
    });
    closeSync(output);
    const bounding = setInterval(() => boundLog(log), lookMs);
    let why: string | null = null;
    const stop = (reason: string) => {
      why ??= reason;
      void endNoted(note, cwd);
    };
    const late = setTimeout(() => stop(`did not end within ${commandMs / 60_000} min`), commandMs);
    const onAbort = () => stop('was ended with its run');
    signal.addEventListener('abort', onAbort);
    const finish = (failure: string | null) => {
      clearTimeout(late);
      clearInterval(bounding);
      signal.removeEventListener('abort', onAbort);
      rmSync(note, { force: true });
      const said = tailOf(log, from);
      boundLog(log);
      if (failure === null) resolve();
      else reject(commandFailed(command, failure, said));
    };
    child.on('error', (failure) => finish(`could not be started (${failure.message})`));
    child.on('exit', (code, killedBy) => {
      if (code === 0 && why === null) finish(null);
      else finish(why ?? (code === null ? `was ended by ${killedBy}` : `exited with status ${code}`));
    });
    // It may have ended before it was told to begin.
    child.stdin?.on('error', () => {});
    if (child.pid === undefined) return;
    writeFileSync(note, JSON.stringify({ pid: child.pid, startTime: startTimeOf(child.pid) }), { mode: 0o600 });
    child.stdin?.end('go\n');
    if (signal.aborted) onAbort();
  });
}

/** Ends the command that is noted there with all that it started, if it still runs. */
export async function endNoted(note: string, cwd: string): Promise<void> {
  let noted: { pid: number; startTime: string | null };
  try {
    noted = JSON.parse(readFileSync(note, 'utf8'));
  } catch {
    return;
  }
  // Two commands never have the same note; none has a session of agents.
  await endTree(noted.pid, graceMs, { session: note, cwd, startTime: noted.startTime });
  rmSync(note, { force: true });
}

/** The command appends, so what it writes next comes after what is kept. */
function boundLog(log: string): void {
  const { size } = statSync(log, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size <= logBytesMax) return;
  const kept = readFileSync(log).subarray(-logBytesMax / 2);
  writeFileSync(log, Buffer.concat([Buffer.from('… the beginning was longer than is kept …\n'), kept]));
}

function tailOf(log: string, from: number): string {
  const text = readFileSync(log);
  return text
    .subarray(text.length > from ? from : 0)
    .toString('utf8')
    .slice(-outputTailMax);
}

function commandFailed(command: string, how: string, tail: string): ForgeError {
  const said = plainText(tail.trim());
  return new ForgeError('spawn.failed', `The command \`${command}\` ${how}${said ? `: ${said}` : '.'}`, {
    next: 'Correct worktrees.setup or worktrees.teardown in .forge/config.yaml, then try again.',
  });
}
