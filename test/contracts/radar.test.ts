import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Radar } from '../../src/app/radar.ts';
import { type MergeStep, you } from '../../src/domain/overlap.ts';
import type { Worktree } from '../../src/ports/git.ts';
import { type DeliveryWorld, openDeliveryWorld } from '../support/delivery-world.ts';
import { git, writeFiles } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
const withLine = (number: number, text: string) => `${lines.with(number - 1, text).join('\n')}\n`;
const bakery = { 'a.txt': `${lines.join('\n')}\n`, 'b.txt': 'b\n' };

async function open() {
  const world = await openDeliveryWorld(bakery);
  const radar = new Radar(world.git);
  onTestFinished(() => radar.dispose());
  const measure = async (name: string, worktree: Worktree) => {
    const { files } = await world.git.diffStat(worktree);
    radar.measured(
      name,
      worktree,
      files.map(({ path }) => path),
    );
  };
  return {
    world,
    radar,
    measure,
    run: async (name: string, files: Record<string, string>) => {
      const worktree = await world.worktree(name, files);
      await measure(name, worktree);
      return worktree;
    },
  };
}

const clean = (run: string): MergeStep => ({ run, conflicts: null });
const own = (world: DeliveryWorld): Worktree => ({ path: world.root, branch: '', base: 'HEAD' });
const objectsOf = (world: DeliveryWorld) => git(world.root, 'count-objects', '-v');

test('two runs that change the same line conflict, with the lines of each; then the first is merged first', async () => {
  const { world, radar, run } = await open();
  await run('bread', { 'a.txt': withLine(3, 'bread'), 'new.txt': 'n\n' });
  await run('cake', { 'a.txt': withLine(3, 'cake'), 'other.txt': 'o\n' });
  const objects = objectsOf(world);
  const { view, isWhole } = await radar.look('main');
  expect(view).toEqual({
    overlaps: [
      {
        between: ['bread', 'cake'],
        conflicts: true,
        files: [{ path: 'a.txt', conflicts: true, lines: [[[3, 3]], [[3, 3]]] }],
      },
    ],
    order: [clean('bread'), { run: 'cake', conflicts: { files: ['a.txt'], with: ['bread'] } }],
  });
  expect(isWhole).toBe(true);
  // Nothing of it is left in the repository.
  expect(objectsOf(world)).toBe(objects);
});

test('changes far from each other in one file are told apart from those that conflict', async () => {
  const { radar, run } = await open();
  await run('bread', { 'a.txt': withLine(3, 'bread') });
  await run('cake', { 'a.txt': withLine(20, 'cake') });
  const { view } = await radar.look('main');
  expect(view.overlaps).toEqual([
    {
      between: ['bread', 'cake'],
      conflicts: false,
      files: [{ path: 'a.txt', conflicts: false, lines: [[[3, 3]], [[20, 20]]] }],
    },
  ]);
  expect(view.order).toEqual([clean('bread'), clean('cake')]);
});

test('of three the one that stands against both is merged last', async () => {
  const { radar, run } = await open();
  await run('wedding', { 'a.txt': withLine(3, 'x').replace('line 20\n', 'y\n') });
  await run('bread', { 'a.txt': withLine(3, 'bread') });
  await run('cake', { 'a.txt': withLine(20, 'cake') });
  const { view } = await radar.look('main');
  expect(view.order).toEqual([
    clean('bread'),
    clean('cake'),
    { run: 'wedding', conflicts: { files: ['a.txt'], with: ['bread', 'cake'] } },
  ]);
});

test('ten runs: only those that share a file are looked at, and the order has the fewest conflicts', async () => {
  const { radar, run } = await open();
  for (let number = 0; number < 10; number++) {
    await run(
      `r${number}`,
      number < 4 ? { 'a.txt': withLine(number < 2 ? 3 : 9 * number, `r${number}`) } : { [`own${number}.txt`]: 'x\n' },
    );
  }
  const { view } = await radar.look('main');
  expect(view.overlaps.map(({ between, conflicts }) => [...between, conflicts])).toEqual([
    ...[
      ['r0', 'r1', true],
      ['r0', 'r2', false],
      ['r0', 'r3', false],
    ],
    ...[
      ['r1', 'r2', false],
      ['r1', 'r3', false],
      ['r2', 'r3', false],
    ],
  ]);
  expect(view.order.map(({ run: name, conflicts }) => [name, conflicts?.with ?? []])).toEqual([
    ...[
      ['r2', []],
      ['r3', []],
      ['r0', []],
      ['r1', ['r0']],
    ],
  ]);
});

test("a person's own uncommitted changes count, and so does what the branch has by now", async () => {
  const { world, radar, measure, run } = await open();
  const bread = await run('bread', { 'a.txt': withLine(3, 'bread') });
  await run('cake', { 'b.txt': 'cake\n' });
  writeFiles(world.root, { 'b.txt': 'mine\n' });
  git(world.root, 'add', 'b.txt');
  git(world.root, 'commit', '--quiet', '-m', 'mine');
  writeFiles(world.root, { 'a.txt': withLine(3, 'mine') });
  await measure(you, own(world));
  const { view } = await radar.look('main');
  expect(view.overlaps.map(({ between, conflicts }) => [...between, conflicts])).toEqual([
    ['bread', you, true],
    ['cake', 'main', true],
  ]);
  expect(view.order).toEqual([clean('bread'), { run: 'cake', conflicts: { files: ['b.txt'], with: ['main'] } }]);
  // What is resolved, committed or undone is no longer seen.
  git(world.root, 'checkout', '--quiet', '--', 'a.txt');
  await measure(you, own(world));
  git(bread.path, 'commit', '--quiet', '-am', 'bread');
  radar.keepOnly(new Set([you, 'bread']));
  expect((await radar.look('main')).view).toEqual({ overlaps: [], order: [] });
});

test('what merged the branch into itself shares only what it changed itself', async () => {
  const { world, radar, measure, run } = await open();
  const bread = await run('bread', { 'c.txt': 'c\n' });
  git(bread.path, 'add', '-A');
  git(bread.path, 'commit', '--quiet', '-m', 'bread');
  writeFiles(world.root, { 'a.txt': withLine(3, 'mine') });
  git(world.root, 'commit', '--quiet', '-am', 'mine');
  git(bread.path, 'merge', '--quiet', 'main');
  await measure('bread', bread);
  await run('cake', { 'c.txt': 'cake\n' });
  const { view } = await radar.look('main');
  expect(view.overlaps.map(({ between, files }) => [...between, files.map(({ path }) => path)])).toEqual([
    ['bread', 'cake', ['c.txt']],
  ]);
});

test('a worktree that is gone is left out, and nothing stays in the temporary folder', async () => {
  // Others use the machine's own.
  vi.stubEnv('TMPDIR', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const { world, radar, run } = await open();
  const bread = await run('bread', { 'a.txt': withLine(3, 'bread') });
  await run('cake', { 'a.txt': withLine(3, 'cake') });
  await run('tart', { 'a.txt': withLine(3, 'tart') });
  rmSync(join(bread.path), { recursive: true });
  const { view } = await radar.look('main');
  expect(view.overlaps.map(({ between }) => between)).toEqual([['cake', 'tart']]);
  expect(world.root).toBeTruthy();
  radar.dispose();
  expect(readdirSync(tmpdir()).filter((name) => /^forge-(trial|scratch|index)-/.test(name))).toEqual([]);
});
