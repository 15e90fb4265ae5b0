import { execFile } from 'node:child_process';

/** Longest that the demo waits for git or its tests, in ms. */
const programMs = 60_000;
const outputBytesMax = 1_000_000;

/** Runs a program to its end and gives what it printed; never rejects but for `signal`. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<{ isOk: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { ...options, timeout: programMs, maxBuffer: outputBytesMax, killSignal: 'SIGKILL' },
      (failure, stdout, stderr) => {
        if (options.signal.aborted) reject(options.signal.reason);
        else resolve({ isOk: failure === null, output: `${stdout}${stderr}` });
      },
    );
  });
}
