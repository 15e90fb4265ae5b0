import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../support/random.ts';
import { CrashWorld } from './crash-world.ts';
import { operations } from './operations.ts';
import { checkEnd, newTally, rest, Violation } from './rounds.ts';

/** How long a story may take to come to its point, in ms. */
const strikeMs = 3_000;

/**
 * A story in which every step is taken that a life without accidents has; then the same once for each point that it passed,
 * ended there. Gives how many left something wrong.
 */
export async function playSteps(say: (text: string) => void, wanted: (point: string) => boolean = () => true) {
  const points = (await tell(null)).filter(wanted);
  say(`${points.length} points are passed.`);
  let failures = 0;
  for (const point of points) {
    try {
      await tell(point);
      say(`ok    ${point}`);
    } catch (failure) {
      if (!(failure instanceof Violation)) throw failure;
      failures += 1;
      say(`WRONG ${point}\n${failure.message}`);
    }
  }
  say(`${points.length} points, ${failures} with something wrong`);
  return failures;
}

/** The points that were passed. */
async function tell(point: string | null): Promise<string[]> {
  await using world = new CrashWorld({ hasGates: true, delivery: 'branch' });
  const tally = newTally();
  const random = seededRandom(7);
  const named = new Map(operations.map((operation) => [operation.name, operation]));
  let number = 0;
  const act = async (name: string) => named.get(name)?.do(world, random, ++number);
  await rest(world, tally);
  if (point !== null) world.arm(point);
  for (const title of ['1 commits', '2 chat', '3 stays', '4 fails']) {
    await (await world.client().catch(() => null))?.call('task.add', { title }).catch(() => {});
  }
  world.ledger.maybeAdded.add('1 commits').add('2 chat').add('3 stays').add('4 fails');
  for (const name of storyline) {
    await act(name);
    if (name === 'dispatch' || name === 'approve' || name === 'prompt') await pause(300);
  }
  for (let waited = 0; point !== null && !world.wasStruck && waited < strikeMs; waited += 100) await pause(100);
  await rest(world, tally);
  const seen = world.pointsSeen();
  await checkEnd(world);
  return seen;
}

const storyline = [
  ...['add', 'edit', 'dispatch', 'dispatch', 'dispatch', 'dispatch', 'prompt', 'prompt', 'pause', 'resume', 'prompt'],
  ...['approve', 'approve', 'pause', 'cancel', 'approve', 'cancel', 'dispatch', 'approve', 'cancel', 'close'],
];
