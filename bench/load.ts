import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cProgram } from './c-program.ts';
import type { ThrowAwayWorld } from './throw-away-world.ts';

/** How long a program may take to start, in ms. */
const startMs = 60_000;

/** Starts `command` somewhere, hidden or in a pane; `n` counts from 0. */
type Start = (command: string[], n: number) => unknown;

/** Busy programs (`pacer.c`) in the sessions of one side, which can be told how busy to be. */
export class Load {
  readonly #pacer: string;
  readonly #folder: string;
  readonly #start: Start;
  #files: string[] = [];
  #sentBefore: number[] = [];
  #startedAt = 0;
  #wantedBytes = 0;

  /** Null without a C compiler. `name`: one that no other load of the world has. They end with the world. */
  static make(world: ThrowAwayWorld, name: string, start: Start): Load | null {
    const pacer = cProgram('pacer');
    if (pacer === null) return null;
    const load = new Load(pacer, join(world.root, name), start);
    world.ends.push(() => load.#end());
    return load;
  }

  private constructor(pacer: string, folder: string, start: Start) {
    this.#pacer = pacer;
    this.#folder = folder;
    this.#start = start;
    mkdirSync(folder);
  }

  /** Starts silent ones until there are `count`. */
  async grow(count: number): Promise<void> {
    for (let n = this.#files.length; n < count; n++) {
      const file = join(this.#folder, String(n));
      writeFileSync(file, '0 1');
      await this.#start([this.#pacer, file], n);
      this.#files.push(file);
    }
    const deadline = performance.now() + startMs;
    while (this.#files.some((file) => report(file) === null)) {
      if (performance.now() > deadline) throw new Error('a busy program did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** All of them write from now on, each so many bytes a second, a piece every `tickMs`. */
  go(bytesPerSecond: number, tickMs = 10): void {
    this.#sentBefore = this.#files.map((file) => report(file)?.sent ?? 0);
    this.#startedAt = performance.now();
    this.#wantedBytes = bytesPerSecond * this.#files.length;
    this.#tell(`${bytesPerSecond} ${tickMs}`);
  }

  /** Silence; gives the bytes a second that were taken from all of them together, and that they were to write. */
  stop(): { taken: number; wanted: number } {
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    const sent = this.#files.map((file, n) => (report(file)?.sent ?? 0) - this.#sentBefore[n]);
    this.#tell('0 1');
    return { taken: sent.reduce((sum, bytes) => sum + bytes, 0) / seconds, wanted: this.#wantedBytes };
  }

  #end(): void {
    for (const file of this.#files) {
      const pid = report(file)?.pid;
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended with its session.
      }
    }
    this.#files = [];
  }

  #tell(order: string): void {
    for (const file of this.#files) writeFileSync(file, order);
    for (const file of this.#files) process.kill(report(file)!.pid, 'SIGUSR2');
  }
}

function report(file: string): { pid: number; sent: number } | null {
  try {
    const [pid = 0, sent = 0] = readFileSync(`${file}.sent`, 'utf8').split(/\s+/).map(Number);
    return pid > 0 ? { pid, sent } : null;
  } catch {
    return null;
  }
}
