import type { Run, RunEvent } from '../../src/domain/run.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export type ShownRun = Run & { events: RunEvent[] };

/** Workers `worker-1` and so on, whose agent is a shell script, and what the settings say besides. */
export function configureScript(world: World, workers: number, script: string, ...settings: string[]): void {
  const file = world.write('../agents/script.sh', `#!/bin/sh\n${script}\n`, { isExecutable: true });
  const agent = `agents: { script: { adapter: command, command: [${JSON.stringify(file)}] } }`;
  const slots = Array.from({ length: workers }, (_, index) => `{ name: worker-${index + 1}, agent: script }`);
  world.write(
    '.forge/config.yaml',
    ['prefix: fg', agent, `workers: [${slots.join(', ')}]`, ...settings, ''].join('\n'),
  );
}

/** Adds a task and dispatches it. The id of its run. */
export async function dispatchTask(world: World, title: string): Promise<string> {
  const { id } = await world.json<{ id: string }>('task', 'add', title);
  const { runs } = await world.json<{ runs: [Run] }>('dispatch', id);
  return runs[0].id;
}

export function reachesStatus<Shown extends Run = ShownRun>(world: World, run: string, status: string): Promise<Shown> {
  let shown: Shown;
  const look = async () => {
    shown = await world.json<Shown>('run', 'show', run);
    return shown.status === status && shown;
  };
  return until(`the run is ${status}`, look, { timeoutMs: 40_000, shown: () => JSON.stringify(shown, null, 2) });
}
