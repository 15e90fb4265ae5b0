import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { endTree, startTimeOf } from './end-tree.ts';
import { readPart, sizeOf } from './file-part.ts';

/** What a log may hold, in bytes. Of a longer output the beginning and the end are kept. */
const logBytesMax = 1_000_000;
const beginningKept = logBytesMax / 4;
const endKept = logBytesMax / 2;

/** How often that is looked after, in ms. */
const lookMs = 1_000;

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
  /** How long it may take. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** How a command ended, and the end of what it wrote, at most so many bytes. */
export interface LoggedEnd {
  /** `late` and `aborted`: it was ended, with all that it started. `unstarted`: there was no shell, or no room for its log. */
  how: 'exited' | 'late' | 'aborted' | 'unstarted';
  /** Null when a signal ended it. */
  code: number | null;
  /** In words, to go behind `it`: `exited with status 1`. */
  words: string;
  tail: string;
}

/** The shell waits for a line before it begins: killed before its process was noted, Forge leaves nothing that runs. */
const waiting = 'read -r go || exit 1; exec /bin/sh -c "$0" </dev/null';

/**
 * Runs a shell command with its output in a file, in a process group of its own. Never rejects. It goes on when this process is
 * killed, and is then ended by `endNoted`.
 */
export async function runLogged(command: LoggedCommand, tailBytes: number): Promise<LoggedEnd> {
  try {
    return await runNoted(command, tailBytes);
  } catch (failure) {
    return unstarted(failure as Error);
  }
}

function unstarted({ message }: Error): LoggedEnd {
  return { how: 'unstarted', code: null, words: `could not be started (${message})`, tail: '' };
}

/** Rejects when log or note cannot be written: then nothing runs. */
function runNoted(
  { command, cwd, env, log, note, timeoutMs, signal }: LoggedCommand,
  tailBytes: number,
): Promise<LoggedEnd> {
  return new Promise((resolve) => {
    writeFileSync(log, `$ ${command}\n`, { flag: 'a', mode: 0o600 });
    const from = statSync(log).size;
    const child = startWaiting(command, cwd, env, log);
    noteProcess(child, note);
    const bounding = setInterval(() => boundLog(log), lookMs);
    let stopped: 'late' | 'aborted' | null = null;
    const stop = (how: 'late' | 'aborted') => {
      stopped ??= how;
      void endNoted(note, cwd);
    };
    const late = setTimeout(stop, timeoutMs, 'late');
    const onAbort = () => stop('aborted');
    signal.addEventListener('abort', onAbort);
    const finish = (end: Omit<LoggedEnd, 'tail'>) => {
      clearTimeout(late);
      clearInterval(bounding);
      signal.removeEventListener('abort', onAbort);
      rmSync(note, { force: true });
      const tail = tailOf(log, from, tailBytes);
      boundLog(log);
      resolve({ ...end, tail });
    };
    child.on('error', (failure) => finish(unstarted(failure)));
    child.on('exit', (code, killedBy) => {
      if (stopped === 'late') finish({ how: 'late', code, words: `did not end within ${durationWords(timeoutMs)}` });
      else if (stopped === 'aborted') finish({ how: 'aborted', code, words: 'was ended with its run' });
      else finish({ how: 'exited', code, words: exitWords(code, killedBy) });
    });
    child.stdin?.end('go\n');
    if (signal.aborted) onAbort();
  });
}

function startWaiting(command: string, cwd: string, env: Record<string, string>, log: string): ChildProcess {
  const output = openSync(log, 'a');
  try {
    const stdio: StdioOptions = ['pipe', output, output];
    return spawn('/bin/sh', ['-c', waiting, command], { cwd, env, stdio, detached: true });
  } finally {
    closeSync(output);
  }
}

/** One that cannot be noted could not be ended by a later Forge: it is not told to begin. */
function noteProcess({ pid, stdin }: ChildProcess, note: string): void {
  // It may have ended before it was told to begin.
  stdin?.on('error', () => {});
  if (pid === undefined) return;
  try {
    writeFileSync(note, JSON.stringify({ pid, startTime: startTimeOf(pid) }), { mode: 0o600 });
  } catch (failure) {
    stdin?.destroy();
    throw failure;
  }
}

function exitWords(code: number | null, killedBy: NodeJS.Signals | null): string {
  return code === null ? `was ended by ${killedBy}` : `exited with status ${code}`;
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

/** The command appends, so what it writes next comes after what is kept. A full disk costs the log, not the command. */
function boundLog(log: string): void {
  const size = sizeOf(log);
  if (size <= logBytesMax) return;
  const [beginning, end] = [readPart(log, 0, beginningKept), readPart(log, size - endKept, endKept)];
  try {
    writeFileSync(log, Buffer.concat([beginning, Buffer.from('\n… more than is kept was written here …\n'), end]));
  } catch {
    // It is looked at again.
  }
}

function tailOf(log: string, from: number, bytes: number): string {
  const size = sizeOf(log);
  const own = size > from ? size - from : size;
  const text = readPart(log, size - Math.min(own, bytes), bytes).toString('utf8');
  // Not from the middle of a line, or of a character.
  return own > bytes ? text.slice(text.indexOf('\n') + 1) : text;
}

function durationWords(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
