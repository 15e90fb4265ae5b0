import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGit } from '../src/git/open-git.ts';
import { type Figure, inTurn } from './figure.ts';
import { isQuick, repetitions } from './options.ts';

/** Lines of a file. */
const fileLines = 20;

/** Files of a folder. */
const folderFiles = 50;

const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** How long a worktree takes until somebody can work in it, one after the other and 8 at once. Quick: in the small repository. */
export async function measure(): Promise<Figure[]> {
  const small = await ofRepository(2_000, repetitions(21, 5), repetitions(7, 2));
  return isQuick ? small : [...small, ...(await ofRepository(50_000, 5, 2))];
}

async function ofRepository(files: number, serial: number, atOnce: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-bench-'));
  try {
    const root = join(folder, 'repository');
    await makeRepository(root, files);
    const opened = await openGit({ root, worktreesDirectory: join(folder, 'w'), environment });
    const { worktrees } = opened;
    const failures = { ours: [] as string[], theirs: [] as string[] };
    let n = 0;
    const counted = (whose: keyof typeof failures, made: Promise<unknown>) =>
      made.catch((failure: Error) => void failures[whose].push(failure.message));
    const bare = () => {
      const name = `bare-${n++}`;
      return counted(
        'theirs',
        git(root, 'worktree', 'add', '--quiet', '--no-track', '-b', name, join(folder, 'b', name)),
      );
    };
    const made = () => {
      const name = `made-${n++}`;
      return counted('ours', opened.ensureWorktree(join(folder, 'w/p', name), name));
    };
    const ahead: string[] = [];
    const fill = async () => {
      const path = join(folder, 'w/p/.pool', `ahead-${n++}`);
      await worktrees.makeAhead(path, null);
      await worktrees.setReady(path, 'key');
      ahead.push(path);
    };
    const taken = async () => {
      const name = `taken-${n++}`;
      const worktree = await worktrees.takeAhead(ahead.pop() ?? '', join(folder, 'w/p', name), name, null, () => {});
      if (worktree === null) failures.ours.push('not handed out');
    };
    const peer = 'git worktree add -b';
    const figure = async (name: string, how: 'made' | 'taken', count: number, times: number): Promise<Figure> => {
      for (const list of Object.values(failures)) list.length = 0;
      const act = how === 'made' ? made : taken;
      const ours = async () => {
        if (how === 'taken') for (let filled = 0; filled < count; filled++) await fill();
        return timed(() => Promise.all(Array.from({ length: count }, act)));
      };
      const theirs = () => timed(() => Promise.all(Array.from({ length: count }, bare)));
      const samples = await inTurn(times, ours, theirs).finally(() => clear(folder, root));
      const aim = how === 'made' ? '1.2 x' : '0.1 x';
      const { ours: own, theirs: gits } = failures;
      const first = [...own, ...gits][0]?.split('\n').slice(0, 2).join(' ');
      const note = `of ${count * times} each, ${own.length} of Forge failed and ${gits.length} of git${first ? `: ${first}` : ''}.`;
      return { name: `${name}, ${files} files`, peer, ...samples, atLeast: aim, aim, note };
    };
    return [
      await figure('worktree ready', 'made', 1, serial),
      await figure('worktree ready, made ahead', 'taken', 1, serial),
      await figure('8 worktrees at once', 'made', 8, atOnce),
      await figure('8 worktrees at once, made ahead', 'taken', 8, atOnce),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeRepository(root: string, files: number): Promise<void> {
  for (let file = 0; file < files; file++) {
    const folder = join(root, `d${Math.floor(file / folderFiles) % 40}`, `e${Math.floor(file / folderFiles / 40)}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${file}.txt`), `line of file ${file}\n`.repeat(fileLines));
  }
  await git(root, 'init', '--quiet', '--initial-branch=main');
  await git(root, 'add', '--all');
  await git(root, '-c', 'user.name=a', '-c', 'user.email=a@localhost', 'commit', '--quiet', '-m', 'first');
}

/** So that the next figure does not begin on a disk that is full of the last one's files. */
async function clear(folder: string, root: string): Promise<void> {
  for (const name of ['w', 'b']) rmSync(join(folder, name), { recursive: true, force: true });
  await git(root, 'worktree', 'prune');
}

function git(cwd: string, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd, env: environment }, (failure) => (failure ? reject(failure) : resolve()));
  });
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}
