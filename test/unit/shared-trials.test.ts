import { expect, test } from 'vitest';
import { SharedTrials } from '../../src/git/delivery/shared-trials.ts';
import type { TrialCommit } from '../../src/ports/merge-trials.ts';

/** Worktrees that are read when the test says so; what is read is the number of the reading. */
function open() {
  const world = { begun: [] as string[], disposed: [] as string[], running: 0, most: 0 };
  const ends: (() => void)[] = [];
  const trials = new SharedTrials(async ({ path }) => {
    const commit = `${path}${world.begun.filter((other) => other === path).length + 1}`;
    world.begun.push(path);
    world.most = Math.max(world.most, ++world.running);
    await new Promise<void>((resolve) => ends.push(resolve));
    world.running -= 1;
    if (path === 'gone') throw new Error('no such folder');
    return { commit, head: '', objects: null, dispose: () => void world.disposed.push(commit) };
  });
  const ask = (path: string) => trials.of({ path, branch: path, base: '' });
  /** Lets everything that is being read, or waits for it, come to its end. */
  const end = async <T>(asked: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = asked.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      for (const one of ends.splice(0)) one();
      await new Promise(setImmediate);
    }
    return done;
  };
  return { world, ask, end };
}

const commitsOf = (all: (TrialCommit | null)[]) => all.map((trial) => trial?.commit ?? null);

test('many that end together read each worktree once or twice, a few at once', async () => {
  const { world, ask, end } = open();
  const paths = Array.from({ length: 20 }, (_, n) => `w${n}`);
  const all = paths.map((own) => Promise.all(paths.filter((path) => path !== own).map(ask)));
  await end(Promise.all(all));
  expect(world.most).toBe(4);
  for (const path of paths) expect(world.begun.filter((other) => other === path).length).toBeLessThanOrEqual(2);
});

test('what is being read when somebody asks is read once more: it may have changed since that began', async () => {
  const { world, ask, end } = open();
  const [first, second, third] = [ask('a'), ask('a'), ask('a')];
  expect(world.begun).toEqual(['a']);
  expect(commitsOf(await end(Promise.all([first, second, third])))).toEqual(['a1', 'a2', 'a2']);
});

test('a trial goes when the last one who asked has no more use for it; a folder that is gone gives none', async () => {
  const { world, ask, end } = open();
  const [first, second, third, gone] = await end(Promise.all([ask('a'), ask('a'), ask('a'), ask('gone')]));
  expect(gone).toBeNull();
  second?.dispose();
  second?.dispose();
  expect(world.disposed).toEqual([]);
  third?.dispose();
  first?.dispose();
  expect(world.disposed).toEqual(['a2', 'a1']);
});
