import { setTimeout as pause } from 'node:timers/promises';
import { Emitter } from '../../base/emitter.ts';
import { ForgeError } from '../../base/errors.ts';
import type { Connection } from '../../daemon/connection.ts';
import type { InputMark, SessionFacts, SessionSpec } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import { endTree, type SessionIdentity } from '../../processes/end-tree.ts';
import { Emulator } from '../screen/emulator.ts';
import { snapshot } from '../screen/snapshot.ts';
import type { Recorder } from '../transcript/recorder.ts';
import type { Recordings } from '../transcript/recordings.ts';
import { Draft } from './draft.ts';
import type { HandedOver } from './keeper-folder.ts';
import { ParseShare } from './parse-share.ts';
import type { ProgramEnd, ProgramTerminal } from './program-terminal.ts';
import { inputBytesMax, PtyInput } from './pty-input.ts';
import { answerQueries } from './replies.ts';
import { Viewer } from './viewer.ts';

/** Lines kept above the screen of each session: 2.7 MB at 100 columns. All of them are in the recording. */
const scrollbackLines = 1_000;

/**
 * Output is told to watchers of facts at most once in the first, and not before the second, in ms: those who look at the
 * pane have its bytes, and an echo must not share its moment with news of it. What a program says of itself is told at once,
 * and what it says next not before the third: it may ring its bell a million times.
 */
const factsPauseMs = 1_000;
const factsDelayMs = 100;
const saidPauseMs = 100;

/** How long the end of a program may take to be seen when its processes have gone, in ms, and between two looks. */
const endMs = 2_000;
const endLookMs = 10;

/** Marks of input that are remembered beside the newest. */
const marksMax = 8;

export function newEmulator({ cols, rows }: Pick<SessionFacts, 'cols' | 'rows'>): Emulator {
  return new Emulator(cols, rows, { scrollback: scrollbackLines });
}

export interface HostSessionOptions {
  terminal: ProgramTerminal;
  facts: SessionFacts;
  /** Holds what is known of the screen. */
  emulator: Emulator;
  version: string;
  clock: Clock;
  recordings: Recordings;
  transcript: SessionSpec['transcript'];
}

/** A program in a pty with its emulator, and who looks at it. */
export class HostSession {
  readonly emulator: Emulator;
  readonly #changes = new Emitter<SessionFacts>();
  readonly #viewers = new Set<Viewer>();
  readonly #clock: Clock;
  readonly #pty: ProgramTerminal;
  readonly #input: PtyInput;
  readonly #share: ParseShare;
  readonly #recordings: Recordings;
  readonly #recorder: Recorder | null;
  readonly #draft: Draft;
  #marks: readonly string[] = [];
  #facts: SessionFacts;
  #lastOutputAt: number | null = null;
  #factsTimer: NodeJS.Timeout | null = null;
  #tellsAt = 0;
  #lastTold = 0;

  constructor({ terminal, facts, emulator, version, clock, recordings, transcript }: HostSessionOptions) {
    this.#clock = clock;
    this.#recordings = recordings;
    this.#draft = new Draft(facts.isDrafting ?? false);
    this.#facts = { ...facts, isDrafting: this.#draft.isDrafting, marked: facts.marked ?? null };
    this.emulator = emulator;
    this.#pty = terminal;
    this.#input = new PtyInput(terminal);
    this.#share = new ParseShare(terminal);
    this.#recorder = recordings.open({ id: facts.id, command: facts.command, transcript }, emulator);
    this.#change({ pid: this.#pty.pid });
    answerQueries(this.emulator, { version, isLight: facts.isLight ?? false }, (bytes) => this.#reply(bytes), {
      // Some programs send the same one again and again.
      onTitle: (title) => title !== this.#facts.title && this.#said({ title, titleAt: this.#clock() }),
      onBell: () => this.#said({ bellAt: this.#clock() }),
      onStatus: (status) => this.#said({ program: { ...status, at: this.#clock() } }),
    });
    this.#pty.onData((bytes) => this.#receive(bytes));
    this.#pty.onExit((end) => this.#exited(end));
  }

  get facts(): SessionFacts {
    return { ...this.#facts, lastOutputAt: this.#lastOutputAt };
  }

  /** By what processes of this session are known that left its tree. */
  get identity(): SessionIdentity {
    return { session: this.#facts.id, cwd: this.#facts.cwd, startTime: this.#pty.startTime };
  }

  get isAlive(): boolean {
    return this.#facts.endedAt === null;
  }

  onFacts(listener: (facts: SessionFacts) => void) {
    return this.#changes.on(listener);
  }

  attach(connection: Connection, channel: number): Viewer {
    const viewer = new Viewer(connection, channel, this.emulator);
    this.#viewers.add(viewer);
    if (!this.isAlive) viewer.ended();
    return viewer;
  }

  detach(viewer: Viewer): void {
    viewer.leave();
    this.#viewers.delete(viewer);
  }

  /** Throws `session.waiting` when the program has not read what was typed before, and a lot of it. */
  input(data: Uint8Array): void {
    if (!this.isAlive) return;
    this.#write(data);
    // Keys that answer a dialog are no draft.
    const isDrafting = this.#draft.typed(data, this.#facts.program?.state === 'blocked');
    const isNews = isDrafting !== this.#facts.isDrafting;
    this.#facts.lastInputAt = this.#clock();
    this.#facts.isDrafting = isDrafting;
    // Not at once: the echo comes next, and who types for Forge is refused here while somebody else does.
    if (isNews) this.#tellSoon();
  }

  /** Input of Forge itself, once a mark. Throws `session.waiting` as `input` does, and for a draft that it yields to. */
  inputMarked(data: Uint8Array, { mark, yieldsToDraft, emptyAfter = null }: InputMark): void {
    if (!this.isAlive || this.#marks.includes(mark) || this.#facts.marked?.mark === mark) return;
    if (emptyAfter !== null && emptyAfter === this.#facts.lastInputAt) this.#draft.over();
    if (yieldsToDraft && this.#draft.isDrafting) {
      throw new ForgeError('session.waiting', `Somebody is typing into ${this.#facts.id}.`);
    }
    this.#write(data);
    this.#marks = [...this.#marks.slice(1 - marksMax), mark];
    const at = this.#clock();
    this.#change({ lastInputAt: at, marked: { mark, at }, isDrafting: this.#draft.isDrafting });
  }

  #write(data: Uint8Array): void {
    if (this.#input.write(data)) return;
    const waits = `${inputBytesMax / 1024 / 1024} MB`;
    throw new ForgeError('session.waiting', `The program of ${this.#facts.id} does not read its input: ${waits} wait.`);
  }

  resize(cols: number, rows: number): void {
    if (!this.isAlive || (cols === this.#facts.cols && rows === this.#facts.rows)) return;
    try {
      this.#pty.resize(cols, rows);
    } catch {
      // The program has just ended and its pty with it.
      return;
    }
    // What came before is parsed at the old size, what comes now at the new one: here, and at the same byte by each viewer.
    this.emulator.write('', () => this.emulator.resize(cols, rows));
    this.#recorder?.resized(cols, rows);
    for (const viewer of this.#viewers) viewer.resized(cols, rows);
    this.#change({ cols, rows });
  }

  /**
   * Resolves when the program and all that it started have ended; of one that has ended before, what it left. What the kernel
   * does not let go is not waited for.
   */
  async kill(graceMs: number): Promise<void> {
    const { pid } = this.#facts;
    if (pid === null) return;
    if (this.isAlive) this.#facts = { ...this.#facts, isEndAsked: true };
    await endTree(pid, graceMs, this.identity);
    const deadline = performance.now() + endMs;
    while (this.isAlive && performance.now() < deadline) await pause(endLookMs);
  }

  /** Leaves the program to the next host: what comes from now on waits for that one. Resolves with what it is to be told. */
  async leave(): Promise<HandedOver> {
    this.#input.hold();
    this.#pty.leave();
    await new Promise<void>((resolve) => this.emulator.write('', resolve));
    const screen = Buffer.concat([Buffer.from(snapshot(this.emulator)), this.emulator.unfinished]);
    return { screen, typed: this.#input.waiting };
  }

  dispose(): void {
    if (this.#factsTimer) clearTimeout(this.#factsTimer);
    this.#input.dispose();
    this.#share.dispose();
    this.emulator.dispose();
  }

  #receive(bytes: Buffer): void {
    // Viewers first: parsing takes longer than sending.
    for (const viewer of this.#viewers) viewer.output(bytes);
    this.#recorder?.output(bytes);
    this.#share.read(bytes.length);
    this.emulator.write(bytes, () => this.#share.parsed(bytes.length));
    this.#lastOutputAt = this.#clock();
    this.#tellSoon();
  }

  #reply(bytes: string): void {
    // A program that asks and never reads the answers gets no more of them.
    if (this.isAlive) this.#input.write(Buffer.from(bytes));
  }

  #exited(end: ProgramEnd): void {
    this.#input.dispose();
    // What the program wrote last is parsed first, so that its screen is complete when its end is told.
    this.#recordings.close(this.#facts.id);
    this.emulator.write('', () => {
      this.#change({ endedAt: this.#clock(), ...end });
      for (const viewer of this.#viewers) viewer.ended();
    });
  }

  #change(patch: Partial<SessionFacts>): void {
    this.#facts = { ...this.#facts, ...patch };
    this.#tell();
  }

  #said(patch: Partial<SessionFacts>): void {
    Object.assign(this.#facts, patch);
    const waitMs = this.#pauseLeft(saidPauseMs);
    if (waitMs <= 0) this.#tell();
    else this.#tellIn(waitMs);
  }

  #tellSoon(): void {
    if (this.#factsTimer === null) this.#tellIn(Math.max(factsDelayMs, this.#pauseLeft(factsPauseMs)));
  }

  /** What is left of a pause since the last news, in ms; all of it at most, should the clock have been put back. */
  #pauseLeft(ms: number): number {
    return Math.min(ms, this.#lastTold + ms - this.#clock());
  }

  /** In so many ms at the latest. */
  #tellIn(ms: number): void {
    const at = this.#clock() + ms;
    if (this.#factsTimer && this.#tellsAt <= at) return;
    if (this.#factsTimer) clearTimeout(this.#factsTimer);
    this.#tellsAt = at;
    this.#factsTimer = setTimeout(() => this.#tell(), ms);
  }

  #tell(): void {
    if (this.#factsTimer) clearTimeout(this.#factsTimer);
    this.#factsTimer = null;
    this.#lastTold = this.#clock();
    this.#changes.emit(this.facts);
  }
}
