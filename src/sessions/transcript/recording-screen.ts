import { Emitter } from '../../base/emitter.ts';
import type { PlayedRecording } from '../../ports/played-recording.ts';
import { Emulator } from '../screen/emulator.ts';
import { snapshot } from '../screen/snapshot.ts';
import { playEvent, writeSliced } from './play.ts';
import { type RecordedEvent, type Recording, secondsOf } from './recording.ts';
import { Slices } from './slices.ts';

/** A screen is kept after so much output, in characters: a jump plays no more than this, which takes a few ms. */
const checkpointEvery = 256 * 1024;

/** Screens that are kept, some 10 KB each: every second one goes when there are more. */
const checkpointsMax = 512;

/** From where it can be played: before the event at `index`, on a new screen that `bytes` were drawn on. */
interface Checkpoint {
  index: number;
  cols: number;
  rows: number;
  bytes: Uint8Array;
}

/** See `PlayedRecording`. Knows no clock: whoever shows it says which moment it is. */
export class RecordingScreen implements PlayedRecording {
  readonly title: string;
  readonly seconds: number;
  readonly #events: readonly RecordedEvent[];
  readonly #times: readonly number[];
  readonly #checkpoints: Checkpoint[];
  readonly #changes = new Emitter<void>();
  #screen: Emulator;
  /** The next event to play on the screen. */
  #index = 0;
  /** Output since a screen was kept last, and before which event that was. */
  #sinceCheckpoint = 0;
  #countedFrom = 0;
  #wanted = 0;
  #isShowing = false;
  #shown: Promise<void> = Promise.resolve();
  #isDisposed = false;

  /** `idleSecondsMax`: longer pauses are shortened to that. */
  constructor(recording: Recording, idleSecondsMax: number | null = null) {
    const { header, events } = idleSecondsMax === null ? recording : withoutPauses(recording, idleSecondsMax);
    this.#events = events;
    this.#times = events.map(({ at }) => at);
    this.title = header.title || header.command;
    this.seconds = secondsOf({ header, events });
    this.#screen = newScreen(header);
    const { cols, rows } = header;
    this.#checkpoints = [{ index: 0, cols, rows, bytes: new Uint8Array(0) }];
    for (const [index, event] of events.entries()) {
      if (event.kind !== 'screen' || index === 0) continue;
      const bytes = Buffer.from(event.text);
      this.#checkpoints.push({ index: index + 1, cols: event.cols, rows: event.rows, bytes });
    }
  }

  get screen(): Emulator {
    return this.#screen;
  }

  onChange(listener: () => void) {
    return this.#changes.on(listener);
  }

  timeAfter(at: number): number | null {
    return this.#times[firstAfter(this.#times, at)] ?? null;
  }

  timeBefore(at: number): number | null {
    const before = this.#times.findLastIndex((time) => time < at);
    return this.#times[before] ?? null;
  }

  show(at: number): Promise<void> {
    this.#wanted = at;
    if (!this.#isShowing) this.#shown = this.#follow();
    return this.#shown;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#screen.dispose();
  }

  async #follow(): Promise<void> {
    this.#isShowing = true;
    try {
      for (;;) {
        const end = firstAfter(this.#times, this.#wanted);
        if (this.#isDisposed || end === this.#index) return;
        await this.#showUpTo(end);
      }
    } finally {
      // At once, not when the promise is settled: the next wish may come before that.
      this.#isShowing = false;
    }
  }

  async #showUpTo(end: number): Promise<void> {
    const slices = new Slices();
    const wanted = this.#wanted;
    const base = this.#checkpoints.findLast(({ index }) => index <= end) as Checkpoint;
    const isJump = end < this.#index || base.index > this.#index;
    let emulator = this.#screen;
    let index = this.#index;
    if (isJump) {
      emulator = newScreen(base);
      await writeSliced(emulator, base.bytes, slices);
      index = base.index;
      this.#sinceCheckpoint = 0;
      this.#countedFrom = index;
    }
    while (index < end) {
      const event = this.#events[index] as RecordedEvent;
      await playEvent(emulator, event, slices, index === 0);
      index += 1;
      this.#keepCheckpoint(emulator, index, event);
      if (!slices.isOver) continue;
      await slices.next();
      // Somebody jumped elsewhere meanwhile: a jump that nobody waits for is given up.
      if (this.#isDisposed || (isJump && wanted !== this.#wanted)) break;
    }
    if (this.#isDisposed) {
      emulator.dispose();
      return;
    }
    if (emulator !== this.#screen) this.#screen.dispose();
    this.#screen = emulator;
    this.#index = index;
    this.#changes.emit();
  }

  #keepCheckpoint(emulator: Emulator, index: number, event: RecordedEvent): void {
    if (event.kind === 'output') this.#sinceCheckpoint += event.text.length;
    if (this.#sinceCheckpoint < checkpointEvery) return;
    this.#sinceCheckpoint = 0;
    const next = this.#checkpoints.findLastIndex((checkpoint) => checkpoint.index <= index) + 1;
    const last = this.#checkpoints[next - 1] as Checkpoint;
    const isNear = last.index > this.#countedFrom;
    this.#countedFrom = index;
    if (isNear) return;
    const { cols, rows, unfinished } = emulator;
    const bytes = Buffer.concat([Buffer.from(snapshot(emulator)), unfinished]);
    this.#checkpoints.splice(next, 0, { index, cols, rows, bytes });
    if (this.#checkpoints.length <= checkpointsMax) return;
    const kept = this.#checkpoints.filter((_, number) => number % 2 === 0);
    this.#checkpoints.splice(0, this.#checkpoints.length, ...kept);
  }
}

function newScreen({ cols, rows }: { cols: number; rows: number }): Emulator {
  return new Emulator(cols, rows, { isEager: true });
}

function withoutPauses({ header, events }: Recording, secondsMax: number): Recording {
  let last = 0;
  let at = 0;
  const moved = events.map((event) => {
    at += Math.min(secondsMax, event.at - last);
    last = event.at;
    return { ...event, at };
  });
  return { header, events: moved };
}

/** The first index whose time is after `at`. */
function firstAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
