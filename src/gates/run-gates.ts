import { spawn } from 'node:child_process';
import { endGroup } from '../base/end-group.ts';
import { plainText } from '../base/text.ts';
import type { Gate } from '../domain/completion.ts';
import type { GateOutcome, Gates } from '../ports/gates.ts';

/** How much of a failing gate's output is told, in characters from its end. */
const outputTailMax = 4_000;

/** How long its last output may take to come after its end, in ms. */
const lastWordsMs = 500;

/** With these a shell says that it could not run the command at all. */
const notRunnable: ReadonlyMap<number, string> = new Map([
  [126, 'cannot be executed'],
  [127, 'was not found'],
]);

/** Runs gates as shell commands, one after the other, each in a process group of its own. */
export function createGates(environment: () => Record<string, string>): Gates {
  return {
    async run({ worktree, env }, gates, signal) {
      for (const gate of gates) {
        const outcome = await runGate(gate, worktree, { ...environment(), ...env }, signal);
        if (outcome.type !== 'passed') return outcome;
      }
      return { type: 'passed' };
    },
  };
}

function runGate(
  { name, run, timeoutMs }: Gate,
  cwd: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<GateOutcome> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn('/bin/sh', ['-c', run], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let tail = '';
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString('utf8')).slice(-outputTailMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const finish = (settle: () => void) => {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
      // What it left running may hold them open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      endGroup(child.pid);
      settle();
    };
    const failed = (reason: string) => resolve({ type: 'failed', gate: name, reason, output: plainText(tail.trim()) });
    const onAbort = () => finish(() => reject(signal.reason));
    const late = setTimeout(() => finish(() => failed(`It did not end within ${timeoutMs / 1000} s.`)), timeoutMs);
    signal.addEventListener('abort', onAbort);
    child.on('error', (failure) =>
      finish(() => resolve({ type: 'broken', reason: `Gate ${name}: ${failure.message}` })),
    );
    const end = (code: number | null, killedBy: string | null) =>
      finish(() => {
        const why = code === null ? undefined : notRunnable.get(code);
        if (code === 0) resolve({ type: 'passed' });
        else if (why) resolve({ type: 'broken', reason: `Gate ${name}: the command \`${run}\` ${why}.` });
        else failed(code === null ? `It was ended by ${killedBy}.` : `It exited with status ${code}.`);
      });
    child.on('close', end);
    child.on('exit', (...how) => setTimeout(() => end(...how), lastWordsMs));
  });
}
