import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from './figure.ts';
import { repetitions } from './options.ts';
import { forgeProcesses, processorMs } from './processes.ts';
import { ThrowAwayWorld } from './throw-away-world.ts';

const together = 50;
const alone = repetitions(9, 3);
/** How often 50 at once are run. */
const times = repetitions(2, 1);
/** How long an agent works, in seconds: so long that all are at work at once. */
const workSeconds = 20;

interface Listed {
  id: string;
  status: string;
  startedAt: number;
  endedAt: number;
}

/**
 * Runs of a scripted agent that writes one file, each with a worktree and a session: 50 at once beside one alone.
 * From their start to their end, without the work; and what of the processor the supervisor takes for each.
 */
export async function measure(): Promise<Figure[]> {
  const lonely = await inWorld(1, 0, async (run) => {
    const samples = [];
    // The first one starts the daemons too.
    await run();
    for (let n = 0; n < alone; n++) samples.push(await run());
    return samples;
  });
  const crowd = await inWorld(together, workSeconds, async (run) => {
    const samples = [];
    for (let n = 0; n < times; n++) samples.push(await run());
    return samples;
  });
  const atOnce = crowd.map(({ atWork }) => atWork).join(', ');
  const peer = 'one run alone';
  return [
    {
      name: `${together} runs at once: ms for each, of the time until all were done`,
      ...{ peer, ours: crowd.map(({ eachMs }) => eachMs), theirs: lonely.map(({ eachMs }) => eachMs) },
      beside: `at work at once: ${atOnce}; each works ${workSeconds} s, which is not counted`,
      ...{ atLeast: '1.0 x', aim: '1.0 x' },
    },
    {
      name: `${together} runs at once: processor ms of the supervisor for each`,
      ...{ peer, ours: crowd.map(({ processor }) => processor), theirs: lonely.map(({ processor }) => processor) },
      ...{ atLeast: '1.5 x', aim: '1.0 x' },
    },
  ];
}

interface Sample {
  eachMs: number;
  processor: number;
  atWork: number;
}

type RunAll = () => Promise<Sample>;

async function inWorld(count: number, seconds: number, act: (run: RunAll) => Promise<Sample[]>): Promise<Sample[]> {
  const world = await ThrowAwayWorld.make();
  try {
    const script = join(world.root, 'agent.sh');
    writeFileSync(script, `#!/bin/sh\nsleep ${seconds}\necho bread > "$FORGE_TASK.txt"\n`, { mode: 0o755 });
    const workers = Array.from({ length: count }, (_, index) => ({ name: `w${index}`, agent: 'script' }));
    // JSON is YAML too.
    const settings = {
      ...{ prefix: 'fg', agents: { script: { adapter: 'command', command: [script] } }, workers },
      limits: { total: count, startGapMs: 0 },
      // Each delivery is tried with the work of every other: that has figures of its own.
      delivery: 'none',
    };
    writeFileSync(join(world.repository, '.forge/config.yaml'), JSON.stringify(settings));
    const run = () => runAll(world, count, seconds);
    return await act(run);
  } finally {
    await world.dispose();
  }
}

async function runAll(world: ThrowAwayWorld, count: number, seconds: number): Promise<Sample> {
  const folder = mkdtempSync(join(world.root, 'plans-'));
  const name = basename(folder).toLowerCase();
  for (let n = 0; n < count; n++)
    writeFileSync(join(folder, `${n}.md`), `---\nid: ${name}-${n}\ntitle: Bake bread\n---\n`);
  const before = supervisorMs(world);
  const { runs } = JSON.parse(await world.forge('run', folder, '--detach', '--json')) as { runs: Listed[] };
  const ids = new Set(runs.map(({ id }) => id));
  let atWork = 0;
  for (;;) {
    await pause(seconds === 0 ? 50 : 1_000);
    const listed = (JSON.parse(await world.forge('runs', '--json')) as Listed[]).filter(({ id }) => ids.has(id));
    atWork = Math.max(atWork, listed.filter(({ status }) => status === 'working').length);
    const failed = listed.find(({ status }) => ['failed', 'cancelled', 'paused'].includes(status));
    if (failed) throw new Error(`Run ${failed.id} is ${failed.status}.`);
    if (!listed.every(({ status }) => status === 'done')) continue;
    const spanMs =
      Math.max(...listed.map(({ endedAt }) => endedAt)) - Math.min(...listed.map(({ startedAt }) => startedAt));
    const processor = (supervisorMs(world) - before) / count;
    return { eachMs: (spanMs - seconds * 1_000) / count, processor, atWork };
  }
}

function supervisorMs(world: ThrowAwayWorld): number {
  const supervisors = forgeProcesses(world).filter(({ role }) => role === 'supervisor');
  return supervisors.reduce((ms, { pid }) => ms + processorMs(pid), 0);
}
