import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';

/** The highest port there is. */
const portMax = 65_535;

export interface PortSettings {
  base: number;
  perWorktree: number;
}

interface Claim {
  file: string;
  first: number;
  count: number;
  worktree: string;
}

/**
 * Blocks of ports, one a worktree, over all projects of one supervisor: a file `<first>-<count>` a block, with the path of its
 * worktree. A block is free again when its worktree is gone. One is made at a time, so that no two get the same.
 */
export function createPortBlocks(directory: string) {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    /** The worktree's block, the same as long as it exists. A new one has no port that somebody listens on. */
    of(worktree: string, settings: PortSettings): Promise<number[]> {
      const claimed = queue.then(() => claim(directory, worktree, settings));
      queue = claimed.catch(() => {});
      return claimed;
    },
    /** The block of a worktree that has another path now stays its own. To be called when the folder is there already. */
    move(from: string, to: string): void {
      const claims = readFiles(directory);
      const own = claims.find(({ worktree }) => worktree === from);
      if (own) writeFileSync(own.file, to, { mode: 0o600 });
    },
  };
}

export type PortBlocks = ReturnType<typeof createPortBlocks>;

async function claim(directory: string, worktree: string, { base, perWorktree }: PortSettings): Promise<number[]> {
  if (perWorktree === 0) return [];
  const claims = readClaims(directory);
  const own = claims.find((known) => known.worktree === worktree);
  if (own) return portsOf(own.first, own.count);
  for (let first = base; first + perWorktree - 1 <= portMax; first += perWorktree) {
    if (claims.some((other) => first < other.first + other.count && other.first < first + perWorktree)) continue;
    const ports = portsOf(first, perWorktree);
    if (!(await areFree(ports))) continue;
    writeFileSync(join(directory, `${first}-${perWorktree}`), worktree, { flag: 'wx', mode: 0o600 });
    return ports;
  }
  throw new ForgeError('spawn.failed', `No ${perWorktree} ports in a row are free from ${base} on.`, {
    next: 'Remove worktrees that are no longer needed (git worktree remove), or lower worktrees.ports.base or perWorktree.',
  });
}

/** Those of worktrees that are there; the others are given up. */
function readClaims(directory: string): Claim[] {
  const claims = readFiles(directory);
  for (const { file, worktree } of claims) if (!existsSync(worktree)) rmSync(file, { force: true });
  return claims.filter(({ worktree }) => existsSync(worktree));
}

function readFiles(directory: string): Claim[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return readdirSync(directory).flatMap((name) => {
    const [, first, count] = /^(\d+)-(\d+)$/.exec(name) ?? [];
    const file = join(directory, name);
    if (count === undefined) return [];
    return [{ file, first: Number(first), count: Number(count), worktree: readFileSync(file, 'utf8') }];
  });
}

function portsOf(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false;
  return true;
}

/** On every address: a server may listen on any. */
function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen({ port, exclusive: true }, () => server.close(() => answer(true)));
  });
}
