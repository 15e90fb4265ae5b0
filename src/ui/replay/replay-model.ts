import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { PlayedRecording } from '../../ports/played-recording.ts';
import type { PaneSource } from '../screen/pane-registry.ts';
import { type Player, type PlayerAction, play } from './player.ts';

/** Between two moments that are shown, in ms. */
const tickMs = 33;

/** A recording being played. Outside React: its time goes on thirty times a second, and its status line once. */
export class ReplayModel implements Disposable {
  readonly recording: PlayedRecording;
  /** For the pane. A recording has its own size and takes no other. */
  readonly source: PaneSource;
  readonly #changes = new Emitter<void>();
  #player: Player;
  #status: string;
  #tickedAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => number;

  /** `now` in ms. */
  constructor(recording: PlayedRecording, speed: number, now: () => number = () => performance.now()) {
    this.recording = recording;
    this.source = {
      get screen() {
        return recording.screen;
      },
      onChange: (listener) => recording.onChange(listener),
      resize: () => {},
    };
    this.#now = now;
    this.#player = { at: 0, length: recording.seconds, speed, isPaused: false };
    this.#status = statusOf(this.#player);
    this.#tickedAt = now();
    this.#show();
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  get player(): Player {
    return this.#player;
  }

  /** Time, length and speed, in a few words. */
  get status(): string {
    return this.#status;
  }

  subscribe = (listener: () => void): (() => void) => {
    const held = this.#changes.on(listener);
    return () => held.dispose();
  };

  act(action: PlayerAction): void {
    this.#tick();
    this.#step(action);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.recording.dispose();
  }

  #tick(): void {
    const now = this.#now();
    const ms = now - this.#tickedAt;
    this.#tickedAt = now;
    this.#step({ type: 'tick', ms });
  }

  #step(action: PlayerAction): void {
    const before = this.#player;
    this.#player = play(before, action);
    if (this.#player.at !== before.at) this.#show();
    const status = statusOf(this.#player);
    if (status === this.#status) return;
    this.#status = status;
    this.#changes.emit();
  }

  #show(): void {
    void this.recording.show(this.#player.at);
  }
}

function statusOf({ at, length, speed, isPaused }: Player): string {
  const mark = isPaused ? (at >= length ? '■' : '‖') : '▶';
  return `${mark} ${clock(at)} / ${clock(length)}  ${speed}x`;
}

/** `1:02:03` or `2:03`. */
function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = `${two(seconds % 60)}`;
  return seconds >= 3600
    ? `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${rest}`
    : `${Math.floor(seconds / 60)}:${rest}`;
}
