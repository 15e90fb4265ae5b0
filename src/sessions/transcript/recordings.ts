import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { defaultTranscriptBounds, type SessionSpec } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Emulator } from '../screen/emulator.ts';
import { Recorder } from './recorder.ts';
import type { WriterReply, WriterRequest } from './recording-messages.ts';

/** Output waits at most this long until it is handed to the writer, in ms: it is what a killed host may lose. */
const flushMs = 250;

/** Of many sessions only so much is handed over at once, and on after the second, in ms: it copies, and the writer wants a processor. */
const flushTurnMs = 0.5;
const flushPauseMs = 3;

/** Bytes of all sessions that may wait for the disk: beyond it stretches are left out. */
const waitingBytesMax = 32 * 1024 * 1024;

/** How long somebody who wants to read a recording waits for a disk that does not answer, in ms. */
const patienceMs = 2_000;

export interface RecordingsOptions {
  /** Holds a folder a session. */
  folder: string;
  /** The program of the thread that writes, `recording-worker.ts`. */
  worker: URL;
  clock: Clock;
  log: (line: string) => void;
}

/** The recordings of all sessions of a host, and the thread that writes them. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #recorders = new Map<string, Recorder>();
  readonly #unflushed = new Set<Recorder>();
  readonly #flushes = new Map<number, () => void>();
  /** Sessions whose failure was told: one line each until it works again. */
  readonly #failed = new Set<string>();
  #worker: Worker | null = null;
  #isBroken = false;
  #nextFlush = 1;
  #timer: NodeJS.Timeout | null = null;
  #waitingBytes = 0;

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /** Records the session from the screen on that its emulator shows now. Null when it shall not be, or cannot. */
  open(spec: Pick<SessionSpec, 'id' | 'command' | 'transcript'>, emulator: Emulator): Recorder | null {
    const { id: session, command, transcript = defaultTranscriptBounds } = spec;
    if (transcript === null || this.#isBroken) return null;
    const about = { title: session, command: command.join(' ') };
    this.#post({
      type: 'open',
      session,
      ...about,
      bytesMax: transcript.sessionMegabytes * 1_000_000,
      totalBytesMax: transcript.totalMegabytes * 1_000_000,
    });
    const recorder = new Recorder(session, emulator, {
      post: (request, transfer) => this.#post(request, transfer),
      wantFlush: (wanting) => this.#flushSoon(wanting),
      take: (bytes) => this.#take(bytes),
      giveBack: (bytes) => {
        this.#waitingBytes -= bytes;
      },
      clock: this.#options.clock,
    });
    this.#recorders.set(session, recorder);
    return recorder;
  }

  /** The session has ended: all that came is written. */
  close(session: string): void {
    this.#recorders.get(session)?.close();
    this.#recorders.delete(session);
  }

  /** Removes the recording. */
  remove(session: string): void {
    this.close(session);
    // Only a thread that runs can have files open; one is started for it otherwise.
    if (existsSync(this.folderOf(session))) this.#post({ type: 'remove', session });
  }

  folderOf(session: string): string {
    return join(this.#options.folder, session);
  }

  /** Resolves when what has come so far is in its files, and after a while in any case. */
  async flush(): Promise<void> {
    if (this.#worker === null || this.#isBroken) return;
    const id = this.#nextFlush++;
    const late = setTimeout(() => this.#flushed(id), patienceMs);
    await new Promise<void>((resolve) => {
      this.#flushes.set(id, resolve);
      const handedOver = Promise.all([...this.#recorders.values()].map((recorder) => recorder.flushed()));
      void handedOver.then(() => this.#post({ type: 'flush', id }));
    });
    clearTimeout(late);
  }

  /** Ends every recording, and the thread. */
  async dispose(): Promise<void> {
    for (const session of [...this.#recorders.keys()]) this.close(session);
    await this.flush();
    this.#isBroken = true;
    await this.#worker?.terminate();
  }

  #take(bytes: number): boolean {
    if (this.#waitingBytes + bytes > waitingBytesMax) return false;
    this.#waitingBytes += bytes;
    return true;
  }

  #flushSoon(recorder: Recorder): void {
    this.#unflushed.add(recorder);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const waiting = [...this.#unflushed];
      this.#unflushed.clear();
      this.#flushSome(waiting);
    }, flushMs);
  }

  #flushSome(waiting: Recorder[]): void {
    const until = performance.now() + flushTurnMs;
    while (waiting.length > 0 && performance.now() < until) waiting.pop()?.flush();
    if (waiting.length > 0) setTimeout(() => this.#flushSome(waiting), flushPauseMs);
  }

  #post(request: WriterRequest, transfer: ArrayBuffer[] = []): void {
    if (this.#isBroken) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(request, transfer);
  }

  #start(): Worker {
    const { folder, worker: program, log } = this.#options;
    // It keeps nothing but what it encodes now: a small young generation is enough.
    const worker = new Worker(program, { workerData: folder, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    worker.on('message', (reply: WriterReply) => this.#receive(reply));
    worker.on('error', (failure) => {
      this.#isBroken = true;
      log(`nothing is recorded any more: ${(failure as Error).message}`);
      for (const id of [...this.#flushes.keys()]) this.#flushed(id);
    });
    return worker;
  }

  #receive(reply: WriterReply): void {
    switch (reply.type) {
      case 'flushed':
        this.#flushed(reply.id);
        return;
      case 'taken':
        this.#waitingBytes -= reply.bytes;
        this.#recorders.get(reply.session)?.taken(reply.bytes);
        return;
      case 'failed':
        this.#recorders.get(reply.session)?.failed();
        if (!this.#failed.has(reply.session)) this.#options.log(`${reply.session}: not recorded: ${reply.message}`);
        this.#failed.add(reply.session);
        return;
      case 'begun':
        if (this.#failed.delete(reply.session)) this.#options.log(`${reply.session}: recorded again`);
    }
  }

  #flushed(id: number): void {
    this.#flushes.get(id)?.();
    this.#flushes.delete(id);
  }
}
