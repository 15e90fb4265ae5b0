import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from '../../processes/file-part.ts';
import { OutputDecoder } from './output-decoder.ts';
import type { WriterReply, WriterRequest } from './recording-messages.ts';
import { eventLine, headerLine, segmentFile, segmentFiles, segmentNumbers } from './segment.ts';

/** All recordings together are measured at most this often, in ms: it reads the size of every file. */
const totalPauseMs = 30_000;

type Request<T extends WriterRequest['type']> = Extract<WriterRequest, { type: T }>;

interface OpenRecording {
  about: Request<'open'>;
  folder: string;
  decoder: OutputDecoder;
  /** Null while none is written to: before the first screen, and after a failure. */
  segment: { file: number; bytes: number; startedAt: number; lastAt: number } | null;
}

/**
 * Writes recordings to disk, in a thread of its own: encoding costs 1 to 4 ms a MB, and a slow disk blocks it and nobody
 * else. Never throws; a failure ends the segment, and the next screen begins another.
 */
export class RecordingWriter {
  readonly #root: string;
  readonly #reply: (reply: WriterReply) => void;
  readonly #open = new Map<string, OpenRecording>();
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(root: string, reply: (reply: WriterReply) => void) {
    this.#root = root;
    this.#reply = reply;
  }

  handle(request: WriterRequest): void {
    if (request.type === 'flush') {
      this.#reply({ type: 'flushed', id: request.id });
      return;
    }
    if (request.type === 'open') {
      const folder = join(this.#root, request.session);
      this.#open.set(request.session, { about: request, folder, decoder: new OutputDecoder(), segment: null });
      return;
    }
    const recording = this.#open.get(request.session);
    try {
      if (request.type === 'remove') this.#remove(request.session);
      else if (recording) this.#write(recording, request);
    } catch (failure) {
      if (recording) this.#end(recording);
      this.#reply({ type: 'failed', session: request.session, message: (failure as Error).message });
    }
    if (request.type === 'output')
      this.#reply({ type: 'taken', session: request.session, bytes: request.bytes.length });
  }

  #write(recording: OpenRecording, request: Request<'screen' | 'output' | 'resize' | 'close'>): void {
    if (request.type === 'screen') this.#begin(recording, request);
    else if (request.type === 'close') {
      this.#end(recording);
      this.#open.delete(recording.about.session);
    } else if (recording.segment !== null) {
      const { cols, rows } = request.type === 'resize' ? request : { cols: 0, rows: 0 };
      if (request.type === 'output') append(recording, outputLines(recording, request));
      else append(recording, eventLine({ at: since(recording, request.at), kind: 'resize', text: `${cols}x${rows}` }));
    }
  }

  #begin(recording: OpenRecording, request: Request<'screen'>): void {
    const { at, cols, rows, screen, unfinished, isContinued, missing } = request;
    const { about, folder, decoder } = recording;
    const isNext = isContinued && recording.segment !== null;
    this.#end(recording);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const numbers = segmentNumbers(folder);
    const file = openSync(segmentFile(folder, (numbers.at(-1) ?? 0) + 1), 'wx', 0o600);
    recording.segment = { file, bytes: 0, startedAt: at, lastAt: 0 };
    const { title, command } = about;
    // A character that is cut here comes whole with the next output: of the screen it is no part.
    const cut = isNext ? new OutputDecoder() : decoder;
    if (!isNext) decoder.reset();
    const lines = [
      headerLine({ cols, rows, startedAt: at, title, command, isContinued: isNext, isOwn: true }),
      eventLine({ at: 0, kind: 'output', text: screen + cut.decode(unfinished) }),
    ];
    if (missing > 0) lines.push(eventLine({ at: 0, kind: 'marker', text: `${missing} bytes were not recorded` }));
    append(recording, lines.join(''));
    this.#reply({ type: 'begun', session: about.session });
    this.#keepWithin(folder, about.bytesMax);
    this.#keepAllWithin(about.totalBytesMax);
  }

  #end(recording: OpenRecording): void {
    const { segment } = recording;
    recording.segment = null;
    if (segment === null) return;
    try {
      closeSync(segment.file);
    } catch {
      // Some file systems tell of a full disk only now: what is missing is missing.
    }
  }

  #remove(session: string): void {
    const recording = this.#open.get(session);
    if (recording) this.#end(recording);
    this.#open.delete(session);
    rmSync(join(this.#root, session), { recursive: true, force: true });
  }

  /** Removes the oldest segments; the one that is written stays. */
  #keepWithin(folder: string, bytesMax: number): void {
    const files = segmentFiles(folder);
    let bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
    for (const file of files.slice(0, -1)) {
      if (bytes <= bytesMax) return;
      bytes -= sizeOf(file);
      rmSync(file, { force: true });
    }
  }

  /** Removes whole recordings of ended sessions, those first that were written to longest ago. */
  #keepAllWithin(bytesMax: number): void {
    const now = performance.now();
    if (now - this.#measuredAt < totalPauseMs) return;
    this.#measuredAt = now;
    const recordings = readdirSync(this.#root).map((session) => {
      const folder = join(this.#root, session);
      const files = segmentFiles(folder);
      const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
      return { session, folder, bytes, writtenAt: Math.max(0, ...files.slice(-1).map(writtenAtOf)) };
    });
    let bytes = recordings.reduce((sum, recording) => sum + recording.bytes, 0);
    for (const recording of recordings.sort((a, b) => a.writtenAt - b.writtenAt)) {
      if (bytes <= bytesMax) return;
      if (this.#open.has(recording.session)) continue;
      rmSync(recording.folder, { recursive: true, force: true });
      bytes -= recording.bytes;
    }
  }
}

function outputLines({ decoder, segment }: OpenRecording, { bytes, ends, times }: Request<'output'>): string {
  let start = 0;
  let lines = '';
  ends.forEach((end, index) => {
    const text = decoder.decode(bytes.subarray(start, end));
    start = end;
    if (text !== '') lines += eventLine({ at: passed(segment, times[index] ?? 0), kind: 'output', text });
  });
  return lines;
}

function since({ segment }: OpenRecording, at: number): number {
  return passed(segment, at);
}

/** Seconds since the segment began. The clock may be set back: the times of a recording never go back. */
function passed(segment: OpenRecording['segment'], at: number): number {
  if (segment === null) return 0;
  segment.lastAt = Math.max(segment.lastAt, (at - segment.startedAt) / 1000);
  return segment.lastAt;
}

/** All of it or nothing: a line that was cut by a full disk is taken back. */
function append({ segment }: OpenRecording, text: string): void {
  if (segment === null) return;
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(segment.file, bytes, at);
    segment.bytes += bytes.length;
  } catch (failure) {
    ftruncateSync(segment.file, segment.bytes);
    throw failure;
  }
}

function writtenAtOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
