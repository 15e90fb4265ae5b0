import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import { type CastEvent, parseEvent, parseHeader, parseSize, type SegmentHeader } from './segment.ts';
import { Slices } from './slices.ts';

/** Largest file that is read, in bytes: it is held in memory while it is played. */
const fileBytesMax = 128 * 1024 * 1024;

/** Longest line, in bytes: parsing one cannot be cut into slices. A screen of 1,000 columns of true colour fits. */
const lineBytesMax = 32 * 1024 * 1024;

/** Events of a recording: a hundred bytes of memory each beside their text. */
const eventsMax = 2_000_000;

/** What happens at a time, in seconds since the recording began. */
export type RecordedEvent =
  | { at: number; kind: 'output' | 'marker'; text: string }
  | { at: number; kind: 'resize'; cols: number; rows: number }
  /** Draws the whole screen: only whoever begins here needs it, unless something is missing before it. */
  | { at: number; kind: 'screen'; text: string; cols: number; rows: number; isContinued: boolean };

/** Events in order; the first one is a `screen`. */
export interface Recording {
  header: SegmentHeader;
  events: RecordedEvent[];
}

/** Reads files of one recording, oldest first, as one. Null when none is there. Throws `recording.unreadable`. */
export async function readRecording(files: readonly string[]): Promise<Recording | null> {
  const slices = new Slices();
  const builder = new RecordingBuilder();
  for (const file of files) {
    const bytes = await readWhole(file);
    // The oldest segment may have been removed meanwhile; one that was begun just now may be empty.
    if (bytes === null || (bytes.length === 0 && builder.header !== null)) continue;
    const name = basename(file);
    builder.begin(name);
    for (const line of linesOf(bytes, name)) {
      builder.add(line);
      if (slices.isOver) await slices.next();
    }
    builder.end();
  }
  const { header, events } = builder;
  return header && { header, events };
}

/** How long it lasts, in seconds. */
export function secondsOf({ events }: Recording): number {
  return events.at(-1)?.at ?? 0;
}

/** Makes one recording of the lines of one segment after the other. */
export class RecordingBuilder {
  /** That of the first segment. */
  header: SegmentHeader | null = null;
  readonly events: RecordedEvent[] = [];
  #name = '';
  #segment: SegmentHeader | null = null;
  #screen: Extract<RecordedEvent, { kind: 'screen' }> | null = null;
  /** Seconds since the recording began: of the segment, and of the last event. */
  #start = 0;
  #last = 0;

  /** The next line is the first of this segment. */
  begin(name: string): void {
    this.#name = name;
    this.#segment = null;
  }

  /** Throws `recording.unreadable`. */
  add(line: string): void {
    const segment = this.#segment;
    if (segment === null) {
      this.#begin(line);
      return;
    }
    const event = parseEvent(line, this.#last - this.#start);
    // A line that was cut when the host died, or of a kind that a later player knows.
    if (event === null) return;
    const at = this.#start + event.at;
    this.#last = at;
    const screen = this.#screen;
    this.#screen = null;
    if (screen && event.kind === 'output') {
      screen.text = event.text;
      this.events.push(screen);
    } else this.#push(at, event);
    if (this.events.length > eventsMax) throw unreadable(`${this.#name} has more than ${eventsMax} events.`);
  }

  /** The segment is over. */
  end(): void {
    if (this.#segment === null) throw unreadable(`${this.#name} is empty.`);
  }

  #begin(line: string): void {
    const segment = parseHeader(line);
    if (segment === null) throw unreadable(`${this.#name} is not an asciicast of version 2.`);
    const sinceFirst = this.header ? ((segment.startedAt ?? 0) - (this.header.startedAt ?? 0)) / 1000 : 0;
    this.#start = Math.max(this.#last, sinceFirst);
    this.#last = this.#start;
    this.header ??= segment;
    this.#segment = segment;
    const { cols, rows, isContinued } = segment;
    this.#screen = { at: this.#start, kind: 'screen', text: '', cols, rows, isContinued };
    if (segment.isOwn) return;
    this.events.push(this.#screen);
    this.#screen = null;
  }

  #push(at: number, { kind, text }: CastEvent): void {
    if (kind !== 'resize') {
      this.events.push({ at, kind, text });
      return;
    }
    const size = parseSize(text);
    if (size) this.events.push({ at, kind, ...size });
  }
}

async function readWhole(file: string): Promise<Buffer | null> {
  const name = basename(file);
  try {
    // Not held up by a pipe that nobody writes to.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw unreadable(`${name} is not a file.`);
      if (stats.size > fileBytesMax) throw unreadable(`${name} is larger than ${fileBytesMax / 1024 / 1024} MB.`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (failure) {
    if (failure instanceof ForgeError) throw failure;
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(`${name} cannot be read: ${(failure as Error).message}`);
  }
}

function* linesOf(bytes: Buffer, name: string): Generator<string> {
  for (let at = 0, number = 1; at < bytes.length; number++) {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed < 0 ? bytes.length : feed;
    if (end - at > lineBytesMax) {
      throw unreadable(`Line ${number} of ${name} is longer than ${lineBytesMax / 1024 / 1024} MB.`);
    }
    yield bytes.toString('utf8', at, end);
    at = end + 1;
  }
}

function unreadable(message: string): ForgeError {
  return new ForgeError('recording.unreadable', message);
}
