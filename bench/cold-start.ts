import { timeToExit } from './command-time.ts';
import { type Figure, inTurn } from './figure.ts';
import { OuterTerminal } from './outer-terminal.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';

const repetitions = 21;
/** Starting the daemons takes long and is rare: fewer. */
const coldRepetitions = 5;
const frameMs = 10_000;
/** The header of the dashboard has it, whatever else is on the screen. */
const frameWord = 'forge';

const node = [process.execPath, '-e', '0'];
const nodeThatPrints = [process.execPath, '-e', `process.stdout.write('${frameWord}')`];

/** How long a person waits after Enter: for a word from a command, and for the dashboard. */
export async function measure(): Promise<Figure[]> {
  const world = await ThrowAwayWorld.make();
  try {
    for (let n = 0; n < 20; n++) await world.forge('task', 'add', `Task ${n}`);
    const command = async (name: string, args: string[]): Promise<Figure> => ({
      name,
      peer: 'node -e 0',
      ...(await inTurn(
        repetitions,
        () => timeToExit([...forge, ...args], world),
        () => timeToExit(node, world),
      )),
    });
    const version = await command('forge --version', ['--version']);
    const list = await command('forge task list, 20 tasks', ['task', 'list']);
    // Starts both daemons, and fills the compile cache as any use before would have.
    await timeToFrame([...forge, 'tui'], world);
    const warm = await firstFrame('first frame, daemons running', world, repetitions, async () => {});
    const cold = await firstFrame('first frame, no daemon', world, coldRepetitions, async () => {
      await world.stopDaemons();
    });
    return [{ ...version, atLeast: '2 x', aim: '1.3 x' }, list, { ...warm, atLeast: '8 x', aim: '5 x' }, cold];
  } finally {
    await world.dispose();
  }
}

async function firstFrame(
  name: string,
  world: ThrowAwayWorld,
  times: number,
  prepare: () => Promise<void>,
): Promise<Figure> {
  const figure: Figure = { name, peer: 'node that prints one word, in a pty', ours: [], theirs: [] };
  for (let n = 0; n < times; n++) {
    await prepare();
    const ours = await timeToFrame([...forge, 'tui'], world);
    if (typeof ours === 'string') return { ...figure, note: ours };
    const theirs = await timeToFrame(nodeThatPrints, world);
    if (typeof theirs === 'string') return { ...figure, note: theirs };
    figure.ours.push(ours);
    figure.theirs.push(theirs);
  }
  return figure;
}

/** Ms from the start in a pty to the first bytes with the word, or why there is no such time. */
async function timeToFrame(command: string[], world: ThrowAwayWorld): Promise<number | string> {
  const startedAt = performance.now();
  const terminal = new OuterTerminal(command, { cwd: world.repository, env: world.env });
  try {
    const at = await terminal.sees(frameWord, frameMs);
    if (at !== null) return at - startedAt;
    return terminal.isEnded ? 'the program ended without a first frame' : `no first frame within ${frameMs / 1000} s`;
  } finally {
    await terminal.close();
  }
}
