import type { Run, RunEvent } from '../../src/domain/run.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export type ToldRun = Run & { events: RunEvent[] };

/** The run of a task that a real program will work on. */
export async function dispatchTo(world: World, worker: string, title: string): Promise<Run> {
  const task = await world.json<{ id: string }>('task', 'add', title);
  const { runs } = await world.json<{ runs: [Run] }>('dispatch', task.id, worker);
  return runs[0];
}

/** Waits for it, as long as a real program may take. Its screen is asked for at the end alone: each command takes the machine from it. */
export async function reaches(
  world: World,
  run: string,
  name: string,
  isThere: (told: ToldRun) => boolean,
): Promise<ToldRun> {
  let told: ToldRun;
  return until(
    `the run ${name}`,
    async () => {
      told = await world.json<ToldRun>('run', 'show', run);
      return isThere(told) && told;
    },
    {
      timeoutMs: 240_000,
      everyMs: 300,
      shown: async () => {
        const { stdout } = await world.forge('session', 'screen', told.session);
        return `${told.status} ${told.reason} ${JSON.stringify(told.events, null, 1)}\n${stdout}`;
      },
    },
  );
}
