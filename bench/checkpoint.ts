import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGit } from '../src/git/open-git.ts';
import type { Git, Worktree } from '../src/ports/git.ts';
import type { Snapshot } from '../src/ports/snapshots.ts';
import { type Figure, inTurn } from './figure.ts';
import { repetitions } from './options.ts';

const filesInRepository = 50_000;
const filesInFolder = 50;
const filesChanged = 20;
const refsOfRun = 500;
const times = repetitions(21, 5);

/** What a checkpoint costs beside git's own ways to write down a worktree, and what many of them cost those who use the repository. */
export async function measure(): Promise<Figure[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-bench-')));
  try {
    const place = await makePlace(root);
    const name = `checkpoint, ${filesInRepository} files, ${filesChanged} changed`;
    return [
      await beside(name, 'git add --all && git write-tree', place, true, (cwd) => {
        run(cwd, 'add', '--all');
        run(cwd, 'write-tree');
      }),
      await beside(name, 'git stash create, which leaves untracked files out', place, true, (cwd) => {
        run(cwd, 'stash', 'create');
      }),
      await beside(`checkpoint, ${filesInRepository} files, none changed`, 'git status', place, false, (cwd) => {
        run(cwd, 'status', '--porcelain');
      }),
      ...(await withManyRefs(place)),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Place {
  root: string;
  remote: string;
  git: Git;
  ours: Worktree;
  theirs: Worktree;
}

async function beside(
  name: string,
  peer: string,
  { git, ours, theirs }: Place,
  isChanged: boolean,
  act: (cwd: string) => void,
): Promise<Figure> {
  let known: Snapshot = await git.snapshots.take(ours, { message: 'Work' });
  let n = 0;
  const samples = await inTurn(
    times,
    async () => {
      if (isChanged) change(ours.path, ++n);
      const startedAt = performance.now();
      const next = await git.snapshots.take(ours, { message: 'Work', known });
      if (next.commit !== known.commit)
        await git.snapshots.makeRef(`refs/forge/checkpoints/bench/${peer.length}-${n}`, next.commit);
      known = next;
      return performance.now() - startedAt;
    },
    () => {
      if (isChanged) change(theirs.path, ++n);
      const startedAt = performance.now();
      act(theirs.path);
      return performance.now() - startedAt;
    },
  );
  return { name, peer, ...samples };
}

/** In turn with the refs and without: they are moved out of sight between. */
async function withManyRefs({ root, remote, ours, theirs, git }: Place): Promise<Figure[]> {
  const { commit } = await git.snapshots.take(ours, { message: 'Work' });
  const text = (verb: (ref: string) => string) =>
    Array.from({ length: refsOfRun }, (_, n) => `${verb(`refs/forge/checkpoints/many/${n}`)}\n`).join('');
  const setRefs = (areThere: boolean) =>
    execFileSync('git', ['update-ref', '--stdin'], {
      cwd: root,
      input: text((ref) => (areThere ? `update ${ref} ${commit}` : `delete ${ref}`)),
    });
  const timed = (areThere: boolean, act: () => void) => () => {
    setRefs(areThere);
    const startedAt = performance.now();
    act();
    return performance.now() - startedAt;
  };
  const acts: [string, () => void][] = [
    ['git status', () => run(theirs.path, 'status', '--porcelain')],
    ['git fetch', () => run(root, 'fetch', '--quiet', remote, 'main')],
    ['git log --all -1', () => run(theirs.path, 'log', '--all', '-1', '--format=%H')],
  ];
  const figures: Figure[] = [];
  for (const [name, act] of acts) {
    const samples = await inTurn(times, timed(true, act), timed(false, act));
    figures.push({ name: `${name} with ${refsOfRun} checkpoints`, peer: 'the same without', ...samples });
  }
  return figures;
}

async function makePlace(root: string): Promise<Place> {
  const repository = join(root, 'repository');
  mkdirSync(repository);
  run(repository, 'init', '--quiet', '--initial-branch=main');
  for (let n = 0; n < filesInRepository; n += 1) {
    const folder = join(repository, `folder-${Math.floor(n / filesInFolder)}`);
    if (n % filesInFolder === 0) mkdirSync(folder);
    writeFileSync(join(folder, `file-${n}.txt`), `This is file ${n}.\n`.repeat(20));
  }
  run(repository, 'add', '--all');
  run(repository, 'commit', '--quiet', '-m', 'All of it');
  const remote = join(root, 'remote');
  run(root, 'clone', '--quiet', '--bare', repository, remote);
  const worktreesDirectory = join(root, 'worktrees');
  const git = await openGit({ root: repository, worktreesDirectory, environment: process.env });
  const ours = await git.ensureWorktree(join(worktreesDirectory, 'p', 'ours'), 'ours');
  const theirs = await git.ensureWorktree(join(worktreesDirectory, 'p', 'theirs'), 'theirs');
  return { root: repository, remote, git, ours, theirs };
}

/** Half of them tracked, half untracked. */
function change(path: string, n: number): void {
  for (let file = 0; file < filesChanged; file += 1) {
    const folder = join(path, `folder-${(n * 37 + file * 11) % (filesInRepository / filesInFolder)}`);
    const name =
      file % 2 === 0 ? `file-${Number(folder.split('-').at(-1)) * filesInFolder}.txt` : `new-${n}-${file}.txt`;
    writeFileSync(join(folder, name), `Changed in round ${n}.\n`);
  }
}

function run(cwd: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@localhost', '-c', 'gc.auto=0'];
  execFileSync('git', [...identity, ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
