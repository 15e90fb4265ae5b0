import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { inTurn } from '../base/keyed-queue.ts';
import { notesFolder, poolFolder } from '../domain/worktree-notes.ts';
import { tipOf } from './branch-tip.ts';
import { finishRemoving, undoWorktree } from './end-worktree.ts';
import { halfMadeWorktree, mendHalfMade } from './mend-half-made.ts';
import { type GitCall, runGit } from './run-git.ts';
import { listWorktrees } from './worktree-list.ts';
import { listMarkers, readMarker, type WorktreeMarker, writeMarker } from './worktree-marker.ts';

interface Input {
  main: GitCall;
  commonDir: string;
  directory: string;
  inUse: ReadonlySet<string>;
}

/** See the port. Each worktree by itself: what cannot be put right is told, and holds no other up. */
export async function reconcileWorktrees({ main, commonDir, directory, inUse }: Input): Promise<string[]> {
  const told: string[] = [];
  const run = (args: readonly string[]) => runGit(main, args);
  await run(['worktree', 'list', '--porcelain']).catch((failure: Error) => {
    if (!halfMadeWorktree.test(failure.message)) throw failure;
    mendHalfMade(commonDir);
    told.push('A worktree that git had half made, and that kept it from listing any, was mended.');
  });
  told.push(...(await followRepository(main, commonDir)));
  for (const folder of [directory, join(directory, poolFolder)]) {
    for (const marker of listMarkers(folder).filter(({ repository }) => repository === commonDir)) {
      if (inUse.has(marker.path)) continue;
      const done = await inTurn(marker.path, () => putRight(marker, run)).catch((failure: Error) => failure.message);
      if (done !== null) told.push(done);
    }
    await sweep(folder);
  }
  return told;
}

async function putRight(
  marker: WorktreeMarker,
  run: (args: readonly string[]) => Promise<string>,
): Promise<string | null> {
  const { path, branch, base, state } = marker;
  if (state === 'made' && existsSync(path)) return null;
  const listed = (await listWorktrees(run)).find((worktree) => worktree.path === path);
  if (state === 'making') {
    await undoWorktree(marker, listed, (message) => new ForgeError('git.failed', message), run);
    return `${path} was half made, and nobody had it yet: taken back.`;
  }
  if (state === 'removing') {
    await finishRemoving(marker, listed, run);
    return `${path} was half removed: it is gone now.`;
  }
  const tip = branch === '' ? null : await tipOf(run, branch);
  // A branch without a commit of its own goes with its worktree.
  await finishRemoving({ ...marker, branchTip: tip === base ? base : undefined }, listed, run);
  return `${path} was gone: git does not list it any more.${tip === null || tip === base ? '' : ` Its branch ${branch} stays.`}`;
}

/** A repository that was moved knows its worktrees; they do not know it, until their pointers are written anew. */
async function followRepository(main: GitCall, commonDir: string): Promise<string[]> {
  const told: string[] = [];
  for (const name of namesIn(join(commonDir, 'worktrees'))) {
    const pointer = textOf(join(commonDir, 'worktrees', name, 'gitdir'));
    const marker = pointer === '' ? null : readMarker(dirname(pointer));
    // Of a copy the first one is there still, and its worktrees are its own.
    if (!marker || marker.repository === commonDir || existsSync(marker.repository)) continue;
    await runGit(main, ['worktree', 'repair', '--', marker.path]);
    writeMarker({ ...marker, repository: commonDir });
    told.push(`${marker.path} follows its repository, which was moved from ${marker.repository}.`);
  }
  return told;
}

/** What is on its way out has a name of its own, and is nobody's. */
async function sweep(folder: string): Promise<void> {
  const notes = join(folder, notesFolder);
  for (const name of namesIn(notes)) {
    if (name.startsWith('gone-')) await rm(join(notes, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}
