import type { SessionHost } from '../src/ports/session-host.ts';
import { type Figure, noFigure, percentile } from './figure.ts';
import { Load } from './load.ts';
import { isQuick, repetitions } from './options.ts';
import { openTerminal } from './outer-terminal.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';
import { echo, echoAgent, Typist } from './typist.ts';

const steps = isQuick ? [50, 200] : [50, 100, 200, 500, 1_000];
const keys = repetitions(150, 60);
const warmUpKeys = 30;
/** Each chatty session: 100 bytes ten times a second. */
const bytesPerSecond = 1_000;
const tickMs = 100;
/** Until all are at it, and until what they wrote is parsed, in ms. */
const settleMs = 2_000;
/** Beyond this p99 a step has failed, and no larger one is tried on that side. */
const p99Max = 50;

/** How many sessions may chat behind the one that is typed in before a key's echo takes too long. */
export async function measure(): Promise<Figure[]> {
  const peer = 'tmux, one pane';
  if (!hasTmux()) {
    return [noFigure('chatty sessions', peer, 'tmux is not on this machine: no figure without its peer')];
  }
  const world = await ThrowAwayWorld.make();
  const tmux = new TmuxServer(world);
  let host: SessionHost | null = null;
  try {
    // What the host can carry is seen by the program's own echo alone.
    await world.withoutLocalEcho();
    const reached = await world.host();
    host = reached;
    await host.ensure(world.spec('echo.0', echoAgent, { worker: 'w' }));
    tmux.start();
    const ours = Load.make(world, 'ours', (command, n) => reached.ensure(world.spec(`chat.${n}`, command)));
    const theirs = Load.make(world, 'theirs', (command, n) => tmux.newSession(`c${n}`, command.join(' ')));
    if (!ours || !theirs) return [noFigure('chatty sessions', peer, 'they need a C compiler (cc)')];
    const sides = {
      ours: { load: ours, command: [...forge, 'session', 'attach', 'echo.0'], largest: 0, isOver: '' },
      theirs: { load: theirs, command: tmux.newSession('echo', echo), largest: 0, isOver: '' },
    };
    const figures: Figure[] = [];
    for (const count of steps) {
      const figure: Figure = { name: `key to echo, ${count} chatty sessions behind`, peer, ours: [], theirs: [] };
      for (const side of ['ours', 'theirs'] as const) {
        const { load, command, isOver } = sides[side];
        if (isOver !== '') continue;
        const samples = await typedWhile(load, count, command, world).catch((failure: Error) => failure.message);
        if (typeof samples === 'string') {
          sides[side].isOver = `${count}: ${samples}`;
          continue;
        }
        figure[side] = samples;
        if (percentile(samples, 0.99) > p99Max) sides[side].isOver = `${count}: p99 above ${p99Max} ms`;
        else sides[side].largest = count;
      }
      figures.push(figure);
    }
    const ends = [
      sides.ours.isOver && `forge ${sides.ours.isOver}`,
      sides.theirs.isOver && `tmux ${sides.theirs.isOver}`,
    ];
    const name = `chatty sessions (count) at a p99 of ${p99Max} ms`;
    const beside = ends.filter(Boolean).join('; ') || `no more than ${steps.at(-1)} were tried`;
    const most = { ours: [sides.ours.largest], theirs: [sides.theirs.largest] };
    return [...figures, { name, peer, ...most, beside, atLeast: '200', aim: '1,000' }];
  } finally {
    host?.dispose();
    await world.dispose();
  }
}

async function typedWhile(load: Load, count: number, command: string[], world: ThrowAwayWorld): Promise<number[]> {
  await load.grow(count);
  const typist = new Typist(openTerminal(command, { cwd: world.repository, env: world.env }));
  try {
    await typist.terminal.isQuiet(500, 10_000);
    await typist.type(warmUpKeys);
    load.go(bytesPerSecond, tickMs);
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return await typist.type(keys);
  } finally {
    load.stop();
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    await typist.terminal.close();
  }
}
