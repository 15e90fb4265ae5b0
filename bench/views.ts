import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IPty, spawn } from 'node-pty';
import type { Task } from '../src/domain/task.ts';
import { taskLine } from '../src/domain/task-line.ts';
import { cProgram } from './c-program.ts';
import { type Figure, noFigure } from './figure.ts';
import { Load } from './load.ts';
import { repetitions } from './options.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';

const workers = Array.from({ length: 20 }, (_, n) => `w${n}`);
const tasks = { many: 500, few: 30 };
/** As agents write: lines ten times a second. */
const load = { bytesPerSecond: 1_000, tickMs: 100 };
const blocks = repetitions(4, 2);
const keysPerBlock = repetitions(60, 20);
const warmUpKeys = 10;
/** So many down, so many up: no list is so short that its end is met. */
const stride = 5;
/** As a person who holds a key down, and never in step with a clock, in ms. */
const gapMs = { min: 20, max: 60 };
const shownMs = 2_000;
const settleMs = 1_500;
const peer = 'the list of an empty project';

/** From what is shown at the start, each with the key of the one before pressed again, which closes it. */
const views = [
  { name: 'panes and list', key: '' },
  { name: 'board', key: 'B' },
  { name: 'runs', key: 'H' },
  { name: 'graph', key: 'T' },
];

/** From `j` or `k` to the frame with the moved selection, in a full project and in an empty one. */
export async function measure(): Promise<Figure[]> {
  const pacer = cProgram('pacer');
  if (pacer === null) return [noFigure('a key in a view', peer, 'busy programs need a C compiler (cc)')];
  // Its file is made when the home of its world is known.
  const commandOf = (n: number) => ['sh', '-c', `exec "${pacer}" "$HOME/../busy/${n}"`];
  const full = await ThrowAwayWorld.make(Object.fromEntries(workers.map((worker, n) => [worker, commandOf(n)])));
  const empty = await ThrowAwayWorld.make();
  try {
    const limits = `limits: { total: ${workers.length}, startGapMs: 0 }\n`;
    appendFileSync(join(full.repository, '.forge/config.yaml'), limits);
    const busy = Load.make(full, 'busy', (_, n) => full.startSession(workers[n]));
    await busy?.grow(workers.length);
    await addTasks(full, tasks.many);
    await addTasks(empty, tasks.few);
    busy?.go(load.bytesPerSecond, load.tickMs);
    const figures: Figure[] = [];
    for (const { name, key } of views) figures.push(await compare(name, key, full, empty));
    return figures;
  } finally {
    await full.dispose();
    await empty.dispose();
  }
}

async function addTasks(world: ThrowAwayWorld, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) =>
    taskLine({
      ...{ id: `fg-${n.toString(36).padStart(4, '0')}`, title: `Task ${n} of the shop`, body: '', status: 'open' },
      ...{ priority: 2, labels: [], parent: null, dependsOn: [], closedAt: null },
      ...{ createdAt: 1e12 + n, updatedAt: 1e12 + n },
    } as Task),
  );
  const folder = join(world.root, 'lines');
  mkdirSync(folder);
  writeFileSync(join(folder, 'tasks.jsonl'), lines.join('\n'));
  await world.forge('task', 'import', join(folder, 'tasks.jsonl'));
}

async function compare(name: string, key: string, full: ThrowAwayWorld, empty: ThrowAwayWorld): Promise<Figure> {
  const figure: Figure = { name: `a key in ${name}`, peer, ours: [], theirs: [], atLeast: 'p95 1.5 x, 33 ms' };
  const sides = { ours: new Watcher(full), theirs: new Watcher(empty) };
  try {
    for (const side of ['ours', 'theirs'] as const) {
      await pause(settleMs);
      if (side === 'ours') sides[side].press(key);
      await pause(settleMs);
      // At first nothing may be selected: from here on each key moves.
      sides[side].press('j');
      await pause(settleMs);
      await sides[side].move(warmUpKeys);
    }
    sides.ours.frames = [];
    sides.ours.outside = 0;
    for (let block = 0; block < blocks; block++) {
      for (const side of ['ours', 'theirs'] as const) figure[side].push(...(await sides[side].move(keysPerBlock)));
    }
    const { frames, outside } = sides.ours;
    const sizes = frames.toSorted((a, b) => a - b);
    const [middle, largest] = [sizes[Math.floor(sizes.length / 2)], sizes.at(-1)];
    figure.beside = `${frames.length} frames, each bracketed, ${outside} bytes outside; ${middle} bytes the middle one, ${largest} the largest`;
    return figure;
  } catch (failure) {
    return noFigure(figure.name, peer, (failure as Error).message);
  } finally {
    for (const side of [sides.ours, sides.theirs]) await side.close();
  }
}

const frame = /\x1b\[\?2026h(.*?)\x1b\[\?2026l/gs;
const colourChange = /(?=\x1b\[[\d;]*m)/;

/** A terminal of 200x60 that takes the dashboard's frames apart. */
class Watcher {
  /** Bytes of each. */
  frames: number[] = [];
  /** Bytes that stood in no frame. */
  outside = 0;
  readonly #pty: IPty;
  readonly #ended: Promise<void>;
  #rest = '';
  #isInverse = false;
  #moved = () => {};

  constructor({ repository, env }: ThrowAwayWorld) {
    const [program = '', ...args] = [...forge, 'tui'];
    this.#pty = spawn(program, args, { cwd: repository, env, cols: 200, rows: 60, encoding: null });
    this.#pty.onData((data) => this.#take((data as unknown as Buffer).toString('latin1')));
    this.#ended = new Promise((resolve) => this.#pty.onExit(() => resolve()));
  }

  press(keys: string): void {
    if (keys !== '') this.#pty.write(keys);
  }

  /** Some down, as many up, and again; the ms of each key. */
  async move(count: number): Promise<number[]> {
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const startedAt = performance.now();
      const moved = new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`a key was not shown in ${shownMs / 1_000} s`)), shownMs);
        this.#moved = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.press(n % (2 * stride) < stride ? 'j' : 'k');
      await moved;
      times.push(performance.now() - startedAt);
      await pause(gapMs.min + Math.random() * (gapMs.max - gapMs.min));
    }
    return times;
  }

  async close(): Promise<void> {
    this.#pty.kill('SIGHUP');
    await this.#ended;
  }

  #take(data: string): void {
    if (data.includes('\x1b[c')) this.press('\x1b[?62;22c');
    const text = this.#rest + data;
    let end = 0;
    for (const found of text.matchAll(frame)) {
      this.outside += found.index - end;
      end = found.index + found[0].length;
      this.frames.push(found[0].length);
      if (this.#paintsInverse(found[1])) this.#moved();
    }
    this.#rest = text.slice(end);
  }

  /** Only the selected row is inverse: such a frame shows where the selection is. Colours stay from frame to frame. */
  #paintsInverse(body: string): boolean {
    let isPainted = false;
    for (const piece of body.split(colourChange)) {
      const parameters = /^\x1b\[([\d;]*)m/.exec(piece)?.[1].split(';');
      if (parameters?.[0] === '' || parameters?.includes('27')) this.#isInverse = false;
      if (parameters?.includes('7')) this.#isInverse = true;
      if (this.#isInverse && piece.replace(/\x1b\[[^@-~]*[@-~]/g, '') !== '') isPainted = true;
    }
    return isPainted;
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
