import { type Figure, noFigure } from './figure.ts';
import { OuterTerminal } from './outer-terminal.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';

/** Keys that are not counted: code that runs the first times is slow everywhere. */
const warmUpKeys = 30;
/** Counted keys a side, in blocks that take turns. */
const blocks = 15;
const keysPerBlock = 10;
const gapMs = { min: 45, max: 80 };
const echoMs = 10_000;
/** Letters that no border and no line of state has. The same one does not come twice in a row. */
const letters = 'QXZJKV';
/** The terminal itself echoes: the least work that a program can do, so that what is measured is the way there and back. */
const echo = 'stty -icanon echo; exec cat >/dev/null';
const agent = ['sh', '-c', echo];
const workers = ['w1', 'w2', 'w3', 'w4'];

/** The time between a key and its letter on the outer terminal, with one session and in one pane of four. */
export async function measure(): Promise<Figure[]> {
  const world = await ThrowAwayWorld.make(Object.fromEntries(workers.map((worker) => [worker, agent])));
  const tmux = hasTmux() ? new TmuxServer(world) : null;
  try {
    const sessions: string[] = [];
    for (const worker of workers) sessions.push(await world.startSession(worker));
    const one = () => tmux?.newSession('one', echo, 1) ?? null;
    const four = () => tmux?.newSession('four', echo, workers.length) ?? null;
    return [
      await compare('one session, full screen', ['session', 'attach', sessions[0]], '', sessions, one, world),
      await compare('one pane of four, typing', ['tui'], '\r', sessions, four, world),
    ];
  } finally {
    tmux?.dispose();
    await world.dispose();
  }
}

async function compare(
  name: string,
  args: string[],
  /** Keys that lead from the first frame to typing. */
  opening: string,
  sessions: string[],
  peerOf: () => string[] | null,
  world: ThrowAwayWorld,
): Promise<Figure> {
  const peerCommand = peerOf();
  const peer = `tmux, ${opening === '' ? 'one pane' : 'four tiled panes'}`;
  if (!peerCommand) return noFigure(name, peer, 'tmux is not on this machine: no figure without its peer');
  const place = { cwd: world.repository, env: world.env };
  const ours = new Typist(new OuterTerminal([...forge, ...args], place));
  const theirs = new Typist(new OuterTerminal(peerCommand, place));
  try {
    await ours.terminal.isQuiet(500, echoMs);
    if (opening !== '') {
      ours.terminal.press(opening);
      await ours.terminal.isQuiet(500, echoMs);
    }
    for (const typist of [ours, theirs]) {
      const problem = await typist.type(warmUpKeys).then(() => null, asProblem);
      if (problem) return noFigure(name, peer, typist === ours ? `forge: ${problem}` : `tmux: ${problem}`);
    }
    if (!(await isInASession(sessions, world))) return noFigure(name, peer, 'forge: the letters reached no session');
    const figure: Figure = { name, peer, ours: [], theirs: [] };
    for (let block = 0; block < blocks; block++) {
      figure.ours.push(...(await ours.type(keysPerBlock)));
      figure.theirs.push(...(await theirs.type(keysPerBlock)));
    }
    return figure;
  } finally {
    await ours.terminal.close();
    await theirs.terminal.close();
  }
}

const asProblem = (failure: Error) => failure.message;

class Typist {
  readonly terminal: OuterTerminal;
  #typed = 0;

  constructor(terminal: OuterTerminal) {
    this.terminal = terminal;
  }

  /** Types `count` letters at random gaps; the ms that each took to be shown. */
  async type(count: number): Promise<number[]> {
    const times: number[] = [];
    while (times.length < count) {
      const letter = letters[this.#typed++ % letters.length];
      const ms = this.terminal.isEnded ? null : await this.terminal.typeAndSee(letter, echoMs);
      if (ms === null) {
        throw new Error(this.terminal.isEnded ? 'the program ended' : `a letter was not shown in ${echoMs / 1000} s`);
      }
      times.push(ms);
      const gap = gapMs.min + Math.random() * (gapMs.max - gapMs.min);
      await new Promise((resolve) => setTimeout(resolve, gap));
    }
    return times;
  }
}

/** A letter in a field of the dashboard would be an echo too: this one must have gone to a program. */
async function isInASession(sessions: string[], world: ThrowAwayWorld): Promise<boolean> {
  for (const session of sessions) {
    if ((await world.forge('session', 'screen', session)).includes(letters)) return true;
  }
  return false;
}
