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
  let recording: Recording | null = null;
  for (const file of files) {
    const bytes = await readWhole(file);
    // The oldest segment may have been removed meanwhile; one that was begun just now may be empty.
    if (bytes === null || (bytes.length === 0 && recording !== null)) continue;
    recording = await addSegment(recording, bytes, basename(file), slices);
  }
  return recording;
}

/** How long it lasts, in seconds. */
export function secondsOf({ events }: Recording): number {
  return events.at(-1)?.at ?? 0;
}

async function readWhole(file: string): Promise<Buffer | null> {
  const name = basename(file);
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat().then((stats) => {
        if (!stats.isFile()) throw unreadable(`${name} is not a file.`);
        return stats;
      });
      if (size > fileBytesMax) throw unreadable(`${name} is larger than ${fileBytesMax / 1024 / 1024} MB.`);
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

async function addSegment(before: Recording | null, bytes: Buffer, name: string, slices: Slices): Promise<Recording> {
  const lines = linesOf(bytes, name);
  const header = parseHeader(lines.next().value ?? '');
  if (header === null) throw unreadable(`${name} is not an asciicast of version 2.`);
  const recording = before ?? { header, events: [] };
  const { events } = recording;
  const sinceFirst = ((header.startedAt ?? 0) - (recording.header.startedAt ?? 0)) / 1000;
  const start = Math.max(events.at(-1)?.at ?? 0, before ? sinceFirst : 0);
  const { cols, rows, isContinued } = header;
  const screen = { at: start, kind: 'screen' as const, text: '', cols, rows, isContinued };
  events.push(screen);
  let last = 0;
  let isFirst = true;
  for (const line of lines) {
    if (slices.isOver) await slices.next();
    const event = parseEvent(line, last);
    // A line that was cut when the host died, or of a kind that a later player knows.
    if (event === null) continue;
    last = event.at;
    if (isFirst && header.isOwn && event.kind === 'output') screen.text = event.text;
    else add(events, event, start);
    isFirst = false;
    if (events.length > eventsMax) throw unreadable(`${name} has more than ${eventsMax} events.`);
  }
  return recording;
}

function add(events: RecordedEvent[], { at, kind, text }: CastEvent, start: number): void {
  if (kind !== 'resize') {
    events.push({ at: start + at, kind, text });
    return;
  }
  const size = parseSize(text);
  if (size) events.push({ at: start + at, kind, ...size });
}

function* linesOf(bytes: Buffer, name: string): Generator<string, undefined> {
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
