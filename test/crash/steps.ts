import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../support/random.ts';
import { CrashWorld } from './crash-world.ts';
import { operations } from './operations.ts';
import { checkEnd, newTally, rest, Violation } from './rounds.ts';

/** How long a story may take to come to its point after its last operation, in ms. */
const strikeMs = 3_000;
const passMs = 300;
/** Chance decides a little in every story: one that missed its point is told again, so many times in all. */
const tellingsMax = 4;

/**
 * A story in which every step is taken that a life without accidents has; then the same once for each point that it passed,
 * ended there; only those whose names match. Gives how many left something wrong, or were never met again.
 */
export async function playSteps(say: (text: string) => void, named: RegExp, isStopped: () => boolean): Promise<number> {
  const { points: all } = await tellStory(null);
  const points = all.filter((point) => named.test(point));
  say(`${points.length} points are passed.`);
  let failures = 0;
  for (const point of points) {
    if (isStopped()) break;
    const problem = await playStep(point);
    say(problem === null ? `ok    ${point}` : `WRONG ${point}\n${problem}`);
    if (problem !== null) failures += 1;
  }
  say(`${points.length} points, ${failures} with something wrong`);
  return failures;
}

/** What is wrong after the process that came to this point was ended there; null: nothing. */
export async function playStep(point: string): Promise<string | null> {
  try {
    for (let tellings = 0; tellings < tellingsMax; tellings++) if ((await tellStory(point)).wasStruck) return null;
    return 'No process came there.';
  } catch (failure) {
    if (failure instanceof Violation) return failure.message;
    throw failure;
  }
}

async function tellStory(point: string | null): Promise<{ points: string[]; wasStruck: boolean }> {
  await using world = new CrashWorld({ hasGates: true, delivery: 'branch', isLarge: false });
  const tally = newTally();
  const random = seededRandom(7);
  const named = new Map(operations.map((operation) => [operation.name, operation]));
  await rest(world, tally);
  if (point !== null) world.arm(point);
  for (const title of firstTasks) {
    world.ledger.maybeAdded.add(title);
    await (await world.client().catch(() => null))?.call('task.add', { title }).catch(() => {});
  }
  for (const [number, name] of storyline.entries()) {
    await named.get(name)?.do(world, random, number + 1);
    if (name === 'dispatch' || name === 'approve' || name === 'prompt') await passing(world);
  }
  for (let waited = 0; point !== null && !world.wasStruck && waited < strikeMs; waited += 100) await pause(100);
  await rest(world, tally);
  const told = { points: world.pointsSeen(), wasStruck: world.wasStruck };
  await checkEnd(world);
  return told;
}

/** What Forge does by itself comes to its end, so that the story goes on alike on a machine that is busy. */
async function passing(world: CrashWorld): Promise<void> {
  for (let waited = 0; waited < strikeMs; waited += passMs) {
    await pause(passMs);
    const runs = await (await world.client().catch(() => null))?.call('run.list', {}).catch(() => []);
    if (!runs?.some(({ status }) => /^(queued|preparing|gating|delivering)$/.test(status))) return;
  }
}

const firstTasks = ['1 commits', '2 chat', '3 stays', '4 fails'];

const storyline = [
  ...['add', 'edit', 'dispatch', 'dispatch', 'dispatch', 'dispatch', 'prompt', 'prompt', 'pause', 'resume', 'prompt'],
  ...['approve', 'approve', 'pause', 'cancel', 'approve', 'cancel', 'dispatch', 'approve', 'cancel', 'close'],
];
