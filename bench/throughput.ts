import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionHost } from '../src/ports/session-host.ts';
import { type Figure, noFigure, percentile } from './figure.ts';
import { repetitions } from './options.ts';
import { openTerminal, type Terminal } from './outer-terminal.ts';
import { forgeProcesses, processorMs, untilIdle } from './processes.ts';
import { colourLine, linesOf, plainLine } from './sample-text.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';

const megabyte = 1_000_000;
const times = repetitions(5, 2);
const doneMs = 120_000;
const panes = 4;
const shell = ['env', 'PS1=$ ', 'sh', '-i'];
/** No two have a letter in the same place, and the texts have none: a cell that is painted anew is seen. */
const marks = ['QXZJ', 'KVWY', 'HUBG', 'DPFT'];

/** The time until the last line of a long output is shown, with what it costs. */
export async function measure(): Promise<Figure[]> {
  if (!hasTmux()) return [noFigure('long output', 'tmux', 'tmux is not on this machine: no figure without its peer')];
  const world = await ThrowAwayWorld.make();
  const tmux = new TmuxServer(world);
  let host: SessionHost | null = null;
  try {
    const text = join(world.root, 'text');
    const colour = join(world.root, 'colour');
    writeFileSync(text, linesOf(plainLine, 50 * megabyte));
    writeFileSync(colour, linesOf(colourLine, 20 * megabyte));
    host = await world.host();
    for (let n = 0; n < panes; n++) await host.ensure(world.spec(`shell.${n}`, shell, { worker: `w${n}` }));
    const server = tmux.start();
    const command = "env 'PS1=$ ' sh -i";
    const places = [
      ['full-screen', ['session', 'attach', 'shell.0'], '', tmux.newSession('one', command)],
      ['one of four panes', ['tui'], '1\r', tmux.newSession('four', command, panes)],
    ] as const;
    const figures: Figure[] = [];
    for (const [place, args, opening, theirs] of places) {
      for (const [what, file] of [['50 MB text', text] as const, ['20 MB colour', colour] as const]) {
        const sides = {
          ours: new Flood([...forge, ...args], opening, world, () =>
            forgeProcesses(world).flatMap(({ pid, role }) => (role === 'supervisor' ? [] : [pid])),
          ),
          theirs: new Flood(theirs, '', world, () => [server]),
        };
        figures.push(await compare(`${what}, ${place}`, file, sides));
      }
    }
    return figures;
  } finally {
    host?.dispose();
    await world.dispose();
  }
}

async function compare(name: string, file: string, sides: { ours: Flood; theirs: Flood }): Promise<Figure> {
  const figure: Figure = { name, peer: 'tmux', ours: [], theirs: [], atLeast: '1.0 x', aim: '0.6 x' };
  const costs = { ours: [] as Cost[], theirs: [] as Cost[] };
  try {
    for (let n = 0; n < times; n++) {
      for (const side of ['ours', 'theirs'] as const) {
        const cost = await sides[side].run(file);
        if (!cost) return { ...figure, note: `${side}: the last line was not shown in ${doneMs / 1000} s` };
        costs[side].push(cost);
        figure[side].push(cost.ms);
      }
    }
    const median = (side: Cost[], of: keyof Cost) =>
      percentile(
        side.map((cost) => cost[of]),
        0.5,
      );
    const said = (['ours', 'theirs'] as const).map((side) => {
      const [cpu, bytes] = [median(costs[side], 'processorMs'), median(costs[side], 'bytes')];
      return `${side === 'ours' ? 'forge' : 'tmux'} ${cpu.toFixed(0)} ms of processor, ${(bytes / megabyte).toFixed(2)} MB to the terminal`;
    });
    figure.beside = said.join('; ');
    return figure;
  } finally {
    await sides.ours.close();
    await sides.theirs.close();
  }
}

interface Cost {
  ms: number;
  processorMs: number;
  /** To the outer terminal. */
  bytes: number;
}

class Flood {
  readonly #terminal: Terminal;
  readonly #opening: string;
  readonly #pids: () => number[];
  #runs = 0;

  constructor(command: string[], opening: string, world: ThrowAwayWorld, pids: () => number[]) {
    this.#terminal = openTerminal(command, { cwd: world.repository, env: world.env });
    this.#opening = opening;
    this.#pids = pids;
  }

  async run(file: string): Promise<Cost | null> {
    const terminal = this.#terminal;
    if (this.#runs === 0) {
      await terminal.isQuiet(500, 10_000);
      terminal.press(this.#opening);
      await terminal.isQuiet(500, 10_000);
    }
    const pids = this.#pids();
    // What waits to be parsed of the run before does not count to this one.
    await untilIdle(pids);
    const mark = marks[this.#runs++ % marks.length];
    const used = () => pids.reduce((ms, pid) => ms + processorMs(pid), 0);
    const before = { used: used(), bytes: await terminal.bytes() };
    // The line that is typed must not be taken for the one that is waited for.
    terminal.press(`cat ${file}; echo ${mark[0]}""${mark.slice(1)}`);
    await terminal.sees(file, 5_000);
    const startedAt = performance.now();
    terminal.press('\r');
    const at = await terminal.sees(mark, doneMs);
    if (at === null) return null;
    const bytes = (await terminal.bytes()) - before.bytes;
    await untilIdle(pids);
    return { ms: at - startedAt, processorMs: used() - before.used, bytes };
  }

  close(): Promise<void> {
    return this.#terminal.close();
  }
}
