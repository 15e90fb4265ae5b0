import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worktreeState } from '../support/worktree-state.ts';

const script = join(import.meta.dirname, '../support/rewind-entry.ts');

/** Every step, before it and during it; else half of them, in turn. */
const isThorough = process.env.FORGE_EVERY_STEP !== undefined;

/** A git that counts how often it is called, and kills its whole process group at one of these calls: before it, or during it. */
function deadlyGit(folder: string): string {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh
echo "$1" >> "${folder}/calls"
at=$(($(wc -l < "${folder}/calls")))
if [ "$at" = "$DEADLY_CALL" ]; then
  if [ "$DEADLY_WHEN" = during ]; then "${real}" "$@" & sleep 0.002; fi
  kill -9 0
fi
exec "${real}" "$@"
`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  return bin;
}

test('a rewind that is killed at any of its steps, and done again, brings the same', { timeout: 600_000 }, async () => {
  const folder = temporaryFolder();
  const files = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`d${n % 7}/f${n}`, `${n}\n`.repeat(50)]));
  const root = makeRepository(join(folder, 'repo'), files);
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p', 'fg-1');
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  const { snapshots } = opened;
  const bin = deadlyGit(folder);

  writeFiles(path, { new: 'untracked\n', staged: 'staged\n', 'd1/f1': 'changed\n' });
  git(path, 'add', 'staged');
  const then = worktreeState(path);
  const { commit } = await snapshots.take(worktree, { message: 'then' });

  git(path, 'commit', '-q', '-a', '-m', 'More');
  git(path, 'checkout', '-q', '-b', 'side');
  rmSync(join(path, 'd2'), { recursive: true });
  symlinkSync('new', join(path, 'd2'));
  writeFiles(path, { '.gitignore': '*.log\nnew\n', 'a.log': 'ignored\n', new: 'newer\n', 'd3/made': 'made since\n' });
  git(path, 'add', '--intent-to-add', 'd3/made');
  const now = worktreeState(path);
  const kept = await snapshots.take(worktree, { message: 'kept', before: commit });

  const rewind = async (call: number, when: 'before' | 'during') => {
    rmSync(join(folder, 'calls'), { force: true });
    const args = [script, root, worktreesDirectory, path, worktree.branch, worktree.base, commit];
    const env = { ...environment, PATH: bin + delimiter + process.env.PATH, DEADLY_CALL: `${call}`, DEADLY_WHEN: when };
    const child = spawn(process.execPath, args, { detached: true, stdio: 'inherit', env });
    const [status] = await once(child, 'exit');
    return status === 0 ? 'done' : 'killed';
  };
  expect(await rewind(0, 'before')).toBe('done');
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  expect(calls.length).toBeGreaterThan(20);
  expect(worktreeState(path)).toEqual(then);

  for (let call = 1; call <= calls.length; call += 1) {
    const both = ['before', 'during'] as const;
    for (const when of isThorough ? both : [both[call % 2]].filter(() => call % 4 < 2)) {
      await snapshots.restore(worktree, kept.commit);
      expect(worktreeState(path), `made ready for ${call}`).toEqual(now);
      await rewind(call, when);
      await snapshots.restore(worktree, commit);
      expect(worktreeState(path), `killed ${when} call ${call}, ${calls[call - 1]}`).toEqual(then);
    }
  }
  expect(git(root, 'fsck', '--no-dangling')).not.toMatch(/missing|error/);
});
