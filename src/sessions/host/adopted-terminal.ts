import { closeSync, existsSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isSame } from '../../processes/end-tree.ts';
import type { KeeperIdentity } from './keeper.ts';
import type { KeeperFolders } from './keeper-folder.ts';
import type { ProgramEnd, ProgramTerminal } from './program-terminal.ts';

/**
 * How long a keeper that lives may take to notice that its host has died, in ms: it starts three programs, on a machine that may
 * have run out of memory. Its program is ended when it is not waited for.
 */
const noticeMs = 60_000;

/** How long one may take to begin to relay before the next one's turn, in ms. */
const relayMs = 5_000;

/** Between two looks for a keeper, in ms. */
const lookMs = 20;

/** Between two looks whether a program has ended, in ms: nobody tells, since it is not a child of this host. */
const watchMs = 500;

/** How long what a program wrote last is waited for when others still have its terminal open, in ms. */
const drainMs = 2_000;

/** A program that is shown one row less for this long, in ms, draws itself anew. */
const repaintMs = 200;

/** Keepers that start to relay at once: each runs a node for a moment, of 40 MB. */
const relayingMax = 4;

/** The keeper's hold on a program, as the record of the session names it. */
export interface Adoptable {
  id: string;
  pid: number;
  startTime: string;
  keeper: KeeperIdentity;
  cols: number;
  rows: number;
}

/** The terminal that the keeper of a dead host's session holds; null when there is no keeper any more. */
export async function adoptTerminal(
  folders: KeeperFolders,
  adoptable: Adoptable,
  isBlocking: boolean,
): Promise<AdoptedTerminal | null> {
  const { id, keeper } = adoptable;
  const deadline = performance.now() + noticeMs;
  let control = folders.open(id, 'control');
  while (control === null && isSame(keeper.pid, keeper.startTime ?? '') && performance.now() < deadline) {
    await pause(lookMs);
    control = folders.open(id, 'control');
  }
  if (control === null) return null;
  const output = folders.open(id, 'out');
  const input = folders.open(id, 'in');
  if (output !== null && input !== null) {
    return new AdoptedTerminal(folders, adoptable, { control, output, input }, isBlocking);
  }
  for (const handle of [control, output, input]) if (handle !== null) closeSync(handle);
  return null;
}

/** Tells the keeper of a session that nobody adopts to go, and removes what it leaves. */
export function dismissKeeper(folders: KeeperFolders, id: string): void {
  const control = folders.open(id, 'control');
  if (control !== null) {
    command(control, 'end');
    closeSync(control);
  }
  folders.remove(id);
}

/** A program's terminal through its keeper's FIFOs. How the program ends is not known: only that it has. */
export class AdoptedTerminal implements ProgramTerminal {
  readonly pid: number;
  readonly startTime: string;
  readonly #folders: KeeperFolders;
  readonly #id: string;
  readonly #control: number;
  readonly #input: number;
  readonly #output: Socket;
  readonly #watch: NodeJS.Timeout;
  #size: { cols: number; rows: number };
  #isRelaying = false;
  #isDrained = false;
  #goneSince: number | null = null;
  #hasLeft = false;
  #isEnded = false;
  #tellEnd: (end: ProgramEnd) => void = () => {};

  constructor(
    folders: KeeperFolders,
    { id, pid, startTime, cols, rows }: Adoptable,
    { control, output, input }: { control: number; output: number; input: number },
    isBlocking: boolean,
  ) {
    this.#folders = folders;
    this.#id = id;
    this.pid = pid;
    this.startTime = startTime;
    this.#size = { cols, rows };
    this.#control = control;
    this.#input = input;
    this.#output = new Socket({ fd: output, readable: true, writable: false });
    this.#output.on('error', () => {});
    this.#output.on('close', () => {
      this.#isDrained = true;
      this.#look();
    });
    this.#watch = setInterval(() => this.#look(), watchMs);
    this.#watch.unref();
    void this.#relay(isBlocking);
  }

  get fd(): number {
    return this.#input;
  }

  get isClosed(): boolean {
    return this.#isEnded;
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.#output.on('data', listener);
  }

  onExit(listener: (end: ProgramEnd) => void): void {
    this.#tellEnd = listener;
  }

  resize(cols: number, rows: number): void {
    this.#size = { cols, rows };
    this.#setSize(cols, rows);
  }

  /** Makes a full-screen program draw itself again, by a change of its size for a moment. */
  async repaint(): Promise<void> {
    const { cols, rows } = this.#size;
    this.#setSize(cols, rows > 1 ? rows - 1 : rows + 1);
    await pause(repaintMs);
    this.#setSize(this.#size.cols, this.#size.rows);
  }

  pause(): void {
    this.#output.pause();
  }

  resume(): void {
    if (!this.#hasLeft) this.#output.resume();
  }

  leave(): void {
    this.#hasLeft = true;
    clearInterval(this.#watch);
    this.#output.pause();
    // This tells what is buffered to the listener; and it asks for more, which is why the handle is stopped after it.
    this.#output.read();
    (this.#output as unknown as { _handle: { readStop(): void } | null })._handle?.readStop();
  }

  /** Nothing is lost by waiting: what the program writes meanwhile waits in its terminal. */
  async #relay(isBlocking: boolean): Promise<void> {
    await relayTurn(async () => {
      if (this.#isEnded || this.#hasLeft) return;
      command(this.#control, isBlocking ? 'relay' : `relay ${process.execPath}`);
      const deadline = performance.now() + relayMs;
      const mark = join(this.#folders.of(this.#id), 'relaying');
      while (!existsSync(mark) && performance.now() < deadline) await pause(lookMs);
    });
    this.#isRelaying = true;
  }

  #setSize(cols: number, rows: number): void {
    if (!this.#isEnded) command(this.#control, `resize cols ${cols} rows ${rows}`);
  }

  #look(): void {
    if (this.#isEnded || this.#hasLeft || isSame(this.pid, this.startTime)) return;
    this.#goneSince ??= performance.now();
    const isWaitedFor = !this.#isRelaying || performance.now() - this.#goneSince < drainMs;
    if (this.#isDrained || !isWaitedFor) this.#end();
  }

  #end(): void {
    this.#isEnded = true;
    clearInterval(this.#watch);
    this.#output.destroy();
    command(this.#control, 'end');
    closeSync(this.#control);
    closeSync(this.#input);
    this.#folders.remove(this.#id);
    this.#tellEnd({ exitCode: null, signal: null });
  }
}

/** A line that fits a FIFO whole or not at all; when the keeper is gone, nobody is there to hear. */
function command(control: number, line: string): void {
  try {
    writeSync(control, `${line}\n`);
  } catch {
    // The terminal has gone with its keeper: the watch sees the program end.
  }
}

let relaying = 0;
const waitingTurns: (() => void)[] = [];

async function relayTurn(work: () => Promise<void>): Promise<void> {
  if (relaying >= relayingMax) await new Promise<void>((resolve) => waitingTurns.push(resolve));
  else relaying += 1;
  try {
    await work();
  } finally {
    const next = waitingTurns.shift();
    if (next) next();
    else relaying -= 1;
  }
}
