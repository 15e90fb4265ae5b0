import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository, writeFiles } from '../support/git-repository.ts';
import { seededRandom } from '../support/random.ts';
import { randomEdit } from '../support/random-edits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { filesOnDisk, worktreeState } from '../support/worktree-state.ts';

const rounds = Number(process.env.FORGE_REWINDS ?? 8);
const firstSeed = Number(process.env.FORGE_SEED ?? 1);

test('whatever is done to a worktree, a rewind brings the checkpoint back, and can be undone', {
  timeout: rounds * 30_000,
}, async () => {
  for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) await rewindOnce(seed);
});

async function rewindOnce(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const folder = temporaryFolder();
  const root = makeRepository(join(folder, 'repo'), { a: 'one\n', 'dir/a': 'two\n', 'dir/deep/x': 'three\n' });
  // Git itself does not write it for a stash or a commit of an index that was emptied, and then misses it.
  git(root, 'hash-object', '-t', 'tree', '-w', '/dev/null');
  const worktreesDirectory = join(folder, 'worktrees');
  const opened = await openGit({ root, worktreesDirectory, environment });
  const path = join(worktreesDirectory, 'p', 'fg-1');
  const worktree = await opened.ensureWorktree(path, 'forge/fg-1');
  writeFiles(root, { a: 'of main\n', b: 'of main\n' });
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '-m', 'main goes on');
  const { snapshots } = opened;
  const done: string[] = [];
  const edit = (stage: string) => {
    const count = 1 + Math.floor(random() * 12);
    for (let n = 0; n < count; n += 1) done.push(`${stage}: ${randomEdit(path, random, `${stage}${n}`)}`);
  };
  const story = () => `seed ${seed}\n${done.join('\n')}`;
  try {
    edit('before');
    if (random() < 0.5) await snapshots.take(worktree, { message: 'earlier' });
    edit('then');
    const then = worktreeState(path);
    const checkpoint = await snapshots.take(worktree, { message: 'checkpoint' });
    expect(worktreeState(path)).toEqual(then);
    edit('after');
    if (random() < 0.5) await snapshots.take(worktree, { message: 'between' });
    edit('late');
    const now = worktreeState(path);
    const ignored = [...filesOnDisk(path)].filter(([name]) => !(name in now.files) && !(name in then.files));
    const kept = await snapshots.take(worktree, { message: 'kept', before: checkpoint.commit });
    await snapshots.restore(worktree, checkpoint.commit);
    expect(worktreeState(path)).toEqual(then);
    const disk = filesOnDisk(path);
    for (const [name, text] of ignored) {
      if (isIgnored(path, name) && !isUnder(name, then.files)) expect(disk.get(name), name).toBe(text);
    }
    await snapshots.take(worktree, { message: 'kept', before: kept.commit });
    await snapshots.restore(worktree, kept.commit);
    expect(worktreeState(path)).toEqual(now);
    const again = filesOnDisk(path);
    for (const [name, text] of ignored) expect(again.get(name), name).toBe(text);
    expect(git(root, 'fsck', '--no-dangling', '--connectivity-only')).not.toMatch(/missing|error/);
  } catch (failure) {
    throw new Error(`${story()}\n${(failure as Error).message}`, { cause: failure });
  }
}

function isIgnored(root: string, name: string): boolean {
  try {
    git(root, 'check-ignore', '--no-index', '--quiet', '--', name);
    return true;
  } catch {
    return false;
  }
}

/** A file that is in the place of a folder of the checkpoint, or the other way round, cannot stay. */
function isUnder(name: string, files: Record<string, string>): boolean {
  return Object.keys(files).some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
}
