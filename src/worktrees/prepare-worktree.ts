import { lstatSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import type { WorktreeSetup } from '../ports/worktree-setup.ts';
import { processesIn } from '../processes/processes-in.ts';
import { endNoted, type LoggedEnd, runLogged } from '../processes/run-logged.ts';
import { makeNotes, notesOf, readLog } from './command-log.ts';
import { copyFiles } from './copy-files.ts';
import { folderSize } from './folder-size.ts';
import type { PortBlocks } from './port-blocks.ts';

/** How long one command may take, in ms: an install of a large project, not a server. */
const commandMs = 15 * 60_000;

/** How much of a failing command's output is told, from its end. */
const tailBytesMax = 500;

export function createWorktreeSetup(environment: () => Record<string, string>, ports: PortBlocks): WorktreeSetup {
  const run = async (
    worktree: string,
    commands: readonly string[],
    env: Record<string, string>,
    signal: AbortSignal,
  ) => {
    const { log, note } = notesOf(worktree);
    makeNotes(worktree);
    for (const command of commands) {
      signal.throwIfAborted();
      const cwd = worktree;
      const all = { command, cwd, env: { ...environment(), ...env }, log, note, timeoutMs: commandMs, signal };
      const end = await runLogged(all, tailBytesMax);
      if (end.how !== 'exited' || end.code !== 0) throw commandFailed(command, end);
    }
  };
  return {
    async prepare(worktree, repository, { copy, setup, env }, signal) {
      const { log, note } = notesOf(worktree);
      // One that a killed Forge left running: two at once would spoil what they make.
      await endNoted(note, worktree);
      rmSync(log, { force: true });
      await copyFiles(copy, repository, worktree);
      await run(worktree, setup, env, signal);
    },
    stamps: (repository, paths) =>
      paths.map((path) => {
        const stat = lstatSync(join(repository, path), { throwIfNoEntry: false });
        return `${path} ${stat?.size} ${stat?.mtimeMs}`;
      }),
    async tearDown(worktree, commands, env) {
      await endNoted(notesOf(worktree).note, worktree);
      await run(worktree, commands, env, new AbortController().signal);
    },
    ports: ports.of,
    moved(from, to) {
      ports.move(from, to);
      try {
        renameSync(notesOf(from).log, notesOf(to).log);
      } catch {
        // It had no setup commands.
      }
    },
    log: readLog,
    processesIn,
    size: folderSize,
  };
}

function commandFailed(command: string, { words, tail }: LoggedEnd): ForgeError {
  const said = plainText(tail.trim());
  return new ForgeError('spawn.failed', `The command \`${command}\` ${words}${said ? `: ${said}` : '.'}`, {
    next: 'Correct worktrees.setup or worktrees.teardown in .forge/config.yaml, then try again.',
  });
}
