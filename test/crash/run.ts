/**
 * Kills programs of Forge at random instants and looks whether anything was lost.
 * `npm run crash -- [--seed N] [--rounds M]`, or `--steps` for every point before and after each step, once; `--points PATTERN`: of
 * those only what matches.
 */
import { parseArgs } from 'node:util';
import { newTally, playWorld, roundsInWorld, Violation } from './rounds.ts';
import { playSteps } from './steps.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '100' },
    steps: { type: 'boolean', default: false },
    points: { type: 'string', default: '' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const tally = newTally();
const first = Number(values.seed);
const wanted = Number(values.rounds);
let failures = 0;
let isStopped = false;
// The world of the round is ended in an orderly way.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true));
if (values.steps) failures = await playSteps(say, new RegExp(values.points), () => isStopped);
else {
  for (let seed = first; tally.rounds < wanted && failures < 5 && !isStopped; seed++) {
    const before = tally.rounds;
    const count = Math.min(roundsInWorld, wanted - before);
    try {
      await playWorld(seed, count, tally, () => isStopped);
    } catch (failure) {
      if (!(failure instanceof Violation)) throw failure;
      failures += 1;
      tally.rounds += 1;
      const again = `npm run crash -- --seed ${seed} --rounds ${tally.rounds - before}`;
      say(`\nIn round ${tally.rounds - before} of seed ${seed}:\n${failure.message}\nAgain: ${again}`);
    }
    say(`${tally.rounds} rounds, ${failures} with something wrong, slowest rest ${Math.round(tally.slowestMs)} ms`);
  }
  say(JSON.stringify({ seed: first, ...tally, failures }, null, 2));
}
process.exit(failures > 0 ? 1 : 0);
