import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPortBlocks } from '../../src/worktrees/port-blocks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Ports of worktrees: whose they are, for how long, and what happens beside other programs.

const settings = { base: 41_000, perWorktree: 3 };

function world() {
  const folder = temporaryFolder();
  const worktree = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return { folder, worktree, directory: join(folder, 'ports') };
}

test('twenty worktrees at once have sixty different ports, and keep them over a restart', async () => {
  const { directory, worktree } = world();
  const blocks = createPortBlocks(directory);
  const names = Array.from({ length: 20 }, (_, index) => worktree(`w${index}`));
  const given = await Promise.all(names.map((path) => blocks.of(path, settings)));
  expect(new Set(given.flat()).size).toBe(60);
  const later = createPortBlocks(directory);
  expect(await Promise.all(names.map((path) => later.of(path, settings)))).toEqual(given);
  // Another size is for new worktrees, and takes nothing of the old ones.
  const larger = await later.of(worktree('larger'), { ...settings, perWorktree: 7 });
  expect(given.flat().filter((port) => larger.includes(port))).toEqual([]);
});

test('a port that somebody listens on is passed over; what a worktree has stays, also while its own server listens', async () => {
  const { directory, worktree } = world();
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(41_001, '127.0.0.1', listening));
  const blocks = createPortBlocks(directory);
  const ports = await blocks.of(worktree('a'), settings);
  expect(ports[0]).toBeGreaterThan(41_002);
  const own = createServer();
  onTestFinished(() => void own.close());
  await new Promise<void>((listening) => own.listen(ports[0], listening));
  expect(await blocks.of(worktree('a'), settings)).toEqual(ports);
});

test('a worktree that is gone gives its ports back; 0 gives none; a range without room says so', async () => {
  const { directory, worktree } = world();
  const blocks = createPortBlocks(directory);
  const first = await blocks.of(worktree('a'), settings);
  rmSync(worktree('a'), { recursive: true });
  expect(await blocks.of(worktree('b'), settings)).toEqual(first);
  expect(readdirSync(directory)).toEqual([`${first[0]}-3`]);
  expect(await blocks.of(worktree('c'), { ...settings, perWorktree: 0 })).toEqual([]);
  await expect(blocks.of(worktree('d'), { base: 65_000, perWorktree: 600 })).rejects.toThrow('No 600 ports in a row');
});
