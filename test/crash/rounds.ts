import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../support/random.ts';
import { problemsOf } from './checks.ts';
import { CrashWorld } from './crash-world.ts';
import { type CrashOperation, operations } from './operations.ts';
import { processesOf } from './processes.ts';
import { kill, victims } from './victims.ts';

/** Rounds in one world: its repository does not grow for ever, and its orderly end is tried too. */
export const roundsInWorld = 25;
/** In one of so many worlds `tasks.jsonl` has more than a megabyte: changes are put into it where it is. */
const largeEvery = 4;
/** Longest time between the first operation of a round and its kill, in ms. */
const untilKillMs = 350;
/** How long a world may take to come to rest after a kill, in ms, before what is wrong counts. */
const restMs = 45_000;
/** How long processes may take to go after a stop was answered, in ms. */
const goneMs = 5_000;
/** Operations of one round. */
const operationsMax = 5;

export interface Tally {
  rounds: number;
  kills: Record<string, number>;
  operations: Record<string, number>;
  /** Longest time that a world took to come to rest, in ms. */
  slowestMs: number;
}

export const newTally = (): Tally => ({ rounds: 0, kills: {}, operations: {}, slowestMs: 0 });

export class Violation extends Error {}

/** `count` rounds in a world of their own. Throws `Violation` with all that is wrong. */
export async function playWorld(seed: number, count: number, tally: Tally, isStopped = () => false): Promise<void> {
  const random = seededRandom(seed);
  const delivery = (['none', 'commit', 'commit', 'branch'] as const)[Math.floor(random() * 4)] ?? 'none';
  await using world = new CrashWorld({ hasGates: random() < 0.5, delivery, isLarge: seed % largeEvery === 0 });
  // Something to lose from the start.
  for (let number = 0; number < 4; number++) await act(world, operations[0] as CrashOperation, random, number, tally);
  for (let round = 1; round <= count && !isStopped(); round++) {
    await playRound(world, random, round, tally);
    await rest(world, tally);
    tally.rounds += 1;
  }
  await checkEnd(world);
}

async function playRound(world: CrashWorld, random: () => number, round: number, tally: Tally): Promise<void> {
  if (random() < 0.2) world.openDashboard();
  const chosen = Array.from({ length: 1 + Math.floor(random() * operationsMax) }, () => weighted(operations, random));
  const victim = weighted(victims, random).name;
  const killing = pause(random() * untilKillMs).then(() => kill(world, victim, random));
  for (const [index, operation] of chosen.entries()) {
    await act(world, operation, random, round * 10 + index, tally);
  }
  if (await killing) tally.kills[victim] = (tally.kills[victim] ?? 0) + 1;
}

async function act(world: CrashWorld, operation: CrashOperation, random: () => number, number: number, tally: Tally) {
  tally.operations[operation.name] = (tally.operations[operation.name] ?? 0) + 1;
  await operation.do(world, random, number);
}

/** Waits until nothing is wrong. */
export async function rest(world: CrashWorld, tally: Tally): Promise<void> {
  const begun = performance.now();
  for (let problems: string[] = []; ; await pause(100)) {
    try {
      problems = await problemsOf(world);
    } catch (failure) {
      problems = [`it cannot be asked: ${(failure as Error).message}`];
    }
    const tookMs = performance.now() - begun;
    if (problems.length === 0) {
      tally.slowestMs = Math.max(tally.slowestMs, tookMs);
      return;
    }
    if (tookMs > restMs) throw new Violation(`${problems.join('\n')}\n${world.logs()}`);
  }
}

/** The repository is whole, and an orderly stop leaves no process. */
export async function checkEnd(world: CrashWorld): Promise<void> {
  try {
    world.git('fsck', '--no-dangling', '--strict');
  } catch (failure) {
    throw new Violation(`git fsck: ${(failure as Error).message}`);
  }
  await world.stop();
  let left = processesOf(world);
  for (let waited = 0; left.length > 0 && waited < goneMs; waited += 50) {
    await pause(50);
    left = processesOf(world);
  }
  if (left.length > 0) throw new Violation(`left after a stop:\n${left.map(({ command }) => command).join('\n')}`);
}

function weighted<T extends { weight: number }>(rows: readonly T[], random: () => number): T {
  let left = random() * rows.reduce((sum, { weight }) => sum + weight, 0);
  for (const row of rows) {
    left -= row.weight;
    if (left < 0) return row;
  }
  return rows.at(-1) as T;
}
