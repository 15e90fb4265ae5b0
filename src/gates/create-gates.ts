import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainLines, plainText } from '../base/text.ts';
import type { Gate } from '../domain/completion.ts';
import type { GatePlace, GateResult, Gates } from '../ports/gates.ts';
import { endNoted, runLogged } from '../processes/run-logged.ts';
import { GateLogs, lastLineOf } from './gate-logs.ts';
import { maskSecrets } from './mask-secrets.ts';

/** How much of a gate's output is told, in bytes from its end. */
const tailBytesMax = 8_000;

/** With these a shell says that it could not run a command: its own, or one further inside. */
const unrunnable: ReadonlySet<number | null> = new Set([126, 127]);

/** How long it may take to look for a command, in ms. */
const lookMs = 5_000;

export interface GatesOptions {
  /** The person's environment. */
  environment: () => Record<string, string>;
  /** Folder for what the gates of this project's runs write, a folder each. */
  directory: string;
}

/** Runs gates as shell commands. Their exit status decides. */
export function createGates({ environment, directory }: GatesOptions): Gates {
  const running = new Map<string, Map<string, { since: number; log: string }>>();
  const logsOf = (run: string) => new GateLogs(join(directory, run));

  async function runGate({ name, run: command, timeoutMs }: Gate, place: GatePlace, signal: AbortSignal) {
    const { run, worktree: cwd, attempt } = place;
    const { log, note } = logsOf(run).placeOf(attempt, name);
    const env = { ...environment(), ...place.env, FORGE_GATE: name };
    rmSync(log, { force: true });
    const since = Date.now();
    const own = running.get(run) ?? new Map();
    running.set(run, own.set(name, { since, log }));
    try {
      const end = await runLogged({ command, cwd, env, log, note, timeoutMs, signal }, tailBytesMax);
      const isMissing = end.how === 'exited' && unrunnable.has(end.code) && !(await isCommand(command, cwd, env));
      const type = end.how === 'exited' && end.code === 0 ? 'passed' : isMissing ? 'broken' : 'failed';
      const result: GateResult = {
        gate: name,
        type: end.how === 'unstarted' ? 'broken' : type,
        reason: isMissing ? `\`${firstWord(command)}\` was not found, or cannot be executed.` : `It ${end.words}.`,
        output: plainLines(maskSecrets(end.tail.trim(), env)),
        ms: Date.now() - since,
      };
      return result;
    } finally {
      own.delete(name);
      if (own.size === 0) running.delete(run);
    }
  }

  async function endNotes(run: string, worktree: string): Promise<void> {
    await Promise.all(
      logsOf(run)
        .notes()
        .map((note) => endNoted(note, worktree)),
    );
  }

  return {
    async run(place, gates, signal) {
      await endNotes(place.run, place.worktree);
      const results: GateResult[] = [];
      for (const group of groups(gates)) {
        signal.throwIfAborted();
        results.push(...(await Promise.all(group.map((gate) => runGate(gate, place, signal)))));
        signal.throwIfAborted();
        if (results.some(({ type }) => type !== 'passed')) break;
      }
      return results;
    },
    async endLeft(placeOf) {
      const runs = existsSync(directory) ? readdirSync(directory) : [];
      await Promise.all(runs.map((run) => endNotes(run, placeOf(run) ?? directory)));
    },
    running: (run) =>
      [...(running.get(run) ?? [])].map(([gate, { since, log }]) => ({
        gate,
        since,
        lastLine: plainText(lastLineOf(log)),
      })),
    logs: (run) => logsOf(run).list(),
    read: ({ file }) => readFileSync(file, 'utf8'),
  };
}

/** Neighbours that are `parallel` run together, all others alone. */
function groups(gates: readonly Gate[]): Gate[][] {
  const all: Gate[][] = [];
  for (const gate of gates) {
    const last = all.at(-1);
    if (gate.parallel && last?.[0]?.parallel) last.push(gate);
    else all.push([gate]);
  }
  return all;
}

/** The program that a plain command begins with; none for one that begins with more than a word. */
function firstWord(command: string): string | undefined {
  return /^\s*([\w./@+-]+)(?=\s|$)/.exec(command)?.[1];
}

/** Whether the shell finds what the command begins with. What it begins with may be more than a word: then it may. */
function isCommand(command: string, cwd: string, env: Record<string, string>): Promise<boolean> {
  const word = firstWord(command);
  if (word === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const find = 'f=$(command -v -- "$0") || exit 1; case "$f" in */*) test -x "$f" && test ! -d "$f";; esac';
    execFile('/bin/sh', ['-c', find, word], { cwd, env, timeout: lookMs }, (failure) => resolve(failure === null));
  });
}
