import type { SessionHost } from '../src/ports/session-host.ts';
import { type Figure, noFigure, percentile } from './figure.ts';
import { Load } from './load.ts';
import { isProgramEcho, repetitions } from './options.ts';
import { openTerminal } from './outer-terminal.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';
import { echo, echoAgent, Typist } from './typist.ts';

/** Keys that are not counted: code that runs the first times is slow everywhere. */
const warmUpKeys = 30;
/** Counted keys a side, in blocks that take turns. In quiet a block takes half the time. */
const blocks = { quiet: repetitions(8, 2), busy: repetitions(4, 2) };
const keysPerBlock = repetitions(60, 40);
const panes = 4;
/** From the list of tasks, which is empty, to typing. */
const toFirstPane = '1\r';
/** Under load: before the counted keys, until everybody is at full speed; and after them, until all is parsed. In ms. */
const settleMs = { before: 700, after: 1_500 };
const noTmux = 'tmux is not on this machine: no figure without its peer';

interface Burden {
  name: string;
  sessions: number;
  bytesPerSecond: number;
  atLeast: string;
  aim: string;
}

const burdens: Burden[] = [
  { name: 'quiet', sessions: 0, bytesPerSecond: 0, atLeast: 'p95 4 x, 2 ms', aim: 'p95 2 x, 1 ms' },
  {
    name: '8 busy sessions behind, 1 MB/s each',
    sessions: 8,
    bytesPerSecond: 1e6,
    atLeast: 'p95 3 x, p99 16 ms',
    aim: 'p95 1.5 x, p99 8 ms',
  },
  {
    name: '50 busy sessions behind, 100 KB/s each',
    sessions: 50,
    bytesPerSecond: 1e5,
    atLeast: 'p95 3 x, p99 16 ms',
    aim: 'p95 1.5 x, p99 8 ms',
  },
  {
    name: '50 busy sessions behind, 1 MB/s each',
    sessions: 50,
    bytesPerSecond: 1e6,
    atLeast: 'p95 1.0 x',
    aim: 'p95 0.4 x',
  },
];

interface Sides {
  world: ThrowAwayWorld;
  host: SessionHost;
  tmux: TmuxServer;
  sessions: string[];
  load: { ours: Load; theirs: Load } | null;
}

/** The time between a key and its letter on the outer terminal, with one session and in one pane of four, quiet and busy. */
export async function measure(): Promise<Figure[]> {
  if (!hasTmux()) return [noFigure('key to echo', 'tmux', noTmux)];
  const world = await ThrowAwayWorld.make();
  const tmux = new TmuxServer(world);
  let host: SessionHost | null = null;
  try {
    if (isProgramEcho) await world.withoutLocalEcho();
    host = await world.host();
    const sessions = Array.from({ length: panes }, (_, n) => `echo.${n}`);
    for (const id of sessions) await host.ensure(world.spec(id, echoAgent, { worker: id }));
    const load = loadOf(world, host, tmux);
    const sides: Sides = { world, host, tmux, sessions, load };
    tmux.start();
    const attach = { one: tmux.newSession('one', echo), four: tmux.newSession('four', echo, panes) };
    const figures: Figure[] = [];
    for (const burden of burdens) {
      await load?.ours.grow(burden.sessions);
      await load?.theirs.grow(burden.sessions);
      const one = [...forge, 'session', 'attach', sessions[0]];
      figures.push(await compare('full-screen', one, '', attach.one, burden, sides));
      figures.push(await compare('one pane of four', [...forge, 'tui'], toFirstPane, attach.four, burden, sides));
    }
    return figures;
  } finally {
    host?.dispose();
    await world.dispose();
  }
}

function loadOf(world: ThrowAwayWorld, host: SessionHost, tmux: TmuxServer): Sides['load'] {
  const ours = Load.make(world, 'ours', (command, n) => host.ensure(world.spec(`busy.${n}`, command)));
  const theirs = Load.make(world, 'theirs', (command, n) => tmux.newSession(`busy${n}`, command.join(' ')));
  return ours && theirs && { ours, theirs };
}

async function compare(
  place: string,
  ourCommand: string[],
  /** Keys that lead from the first frame to typing. */
  opening: string,
  theirCommand: string[],
  burden: Burden,
  { world, host, sessions, load }: Sides,
): Promise<Figure> {
  const name = `key to echo, ${place}, ${burden.name}`;
  const peer = `tmux, ${opening === '' ? 'one pane' : 'four tiled panes'}`;
  if (burden.sessions > 0 && !load) return noFigure(name, peer, 'busy programs need a C compiler (cc)');
  const options = { cwd: world.repository, env: world.env };
  const ours = new Typist(openTerminal(ourCommand, options));
  const theirs = new Typist(openTerminal(theirCommand, options));
  const bare = new Typist(openTerminal(echoAgent, options));
  try {
    await ours.terminal.isQuiet(500, 10_000);
    if (opening !== '') {
      ours.terminal.press(opening);
      await ours.terminal.isQuiet(500, 10_000);
    }
    const floor = await bare.type(warmUpKeys);
    for (const typist of [ours, theirs]) {
      const problem = await typist.type(warmUpKeys).then(() => null, asProblem);
      if (problem) return noFigure(name, peer, typist === ours ? `forge: ${problem}` : `tmux: ${problem}`);
    }
    const screens = () => Promise.all(sessions.map((session) => host.screen(session, 'text')));
    if (!(await ours.reaches(screens))) return noFigure(name, peer, 'forge: the letters reached no session');
    const { atLeast, aim } = burden;
    const figure: Figure = { name, peer, ours: [], theirs: [], atLeast, aim };
    const taken = { ours: [] as number[], theirs: [] as number[] };
    const turns = burden.sessions === 0 ? blocks.quiet : blocks.busy;
    for (let turn = 0; turn < turns; turn++) {
      for (const side of ['ours', 'theirs'] as const) {
        const busy = burden.sessions > 0 ? load?.[side] : undefined;
        busy?.go(burden.bytesPerSecond);
        if (busy) await new Promise((resolve) => setTimeout(resolve, settleMs.before));
        const typist = side === 'ours' ? ours : theirs;
        const times = await typist.type(keysPerBlock).catch((cause: Error) => {
          throw new Error(`${name}, ${side === 'ours' ? 'forge' : 'tmux'}: ${cause.message}`);
        });
        figure[side].push(...times);
        if (busy) taken[side].push(busy.stop().taken);
        if (busy) await new Promise((resolve) => setTimeout(resolve, settleMs.after));
      }
    }
    const [p50, p95] = [percentile(floor, 0.5), percentile(floor, 0.95)].map((ms) => ms.toFixed(2));
    const [a, b] = [taken.ours, taken.theirs].map((rates) => (percentile(rates, 0.5) / 1e6).toFixed(1));
    const wanted = ((burden.bytesPerSecond * burden.sessions) / 1e6).toFixed(1);
    const delivered = burden.sessions > 0 ? `; MB/s taken of ${wanted}: forge ${a}, tmux ${b}` : '';
    figure.beside = `terminal in ${bare.terminal.driver}, a pty without multiplexer ${p50} / ${p95}${delivered}`;
    return figure;
  } finally {
    for (const { terminal } of [ours, theirs, bare]) await terminal.close();
  }
}

const asProblem = (failure: Error) => failure.message;
