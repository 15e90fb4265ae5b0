import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Largest size that a recording can have, in columns and rows: those of a session. */
const colsMax = 1_000;
const rowsMax = 500;

/** No recording is longer, in seconds (30 days): what claims to be is cut there. */
const secondsMax = 30 * 24 * 3600;

/** First line of an asciicast v2 file, and what Forge adds for itself under one key that other players skip. */
export interface SegmentHeader {
  cols: number;
  rows: number;
  /** When it began, in ms since the epoch; null when the file does not say. */
  startedAt: number | null;
  title: string;
  command: string;
  /** The first event draws the screen as it was, and only whoever begins here needs it. */
  isContinued: boolean;
  /** Forge wrote it: its first event draws a screen. */
  isOwn: boolean;
}

export interface CastEvent {
  /** Seconds since the beginning. */
  at: number;
  kind: 'output' | 'resize' | 'marker';
  /** Output, the text of a marker, or `COLSxROWS`. */
  text: string;
}

const codes = { output: 'o', resize: 'r', marker: 'm' } as const;
const kinds = new Map(Object.entries(codes).map(([kind, code]) => [code as string, kind as CastEvent['kind']]));

export function headerLine(header: SegmentHeader): string {
  const { cols: width, rows: height, startedAt, title, command, isContinued, isOwn } = header;
  const timestamp = startedAt === null ? {} : { timestamp: Math.floor(startedAt / 1000) };
  const own = isOwn ? { forge: { startedAt, isContinued } } : {};
  const about = { version: 2, width, height, ...timestamp, title, command, env: { TERM: 'xterm-256color' }, ...own };
  return `${JSON.stringify(about)}\n`;
}

export function eventLine({ at, kind, text }: CastEvent): string {
  return `[${at.toFixed(3)},"${codes[kind]}",${JSON.stringify(text)}]\n`;
}

/** Null when the line is no header of an asciicast v2 file. A size out of bounds is clamped. */
export function parseHeader(line: string): SegmentHeader | null {
  const found = parseJson(line) as Record<string, unknown> | null;
  if (typeof found !== 'object' || found === null || found.version !== 2) return null;
  const { width, height, timestamp, title, command } = found;
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  const own = found.forge as { startedAt?: unknown; isContinued?: unknown } | undefined;
  const seconds = typeof timestamp === 'number' ? timestamp * 1000 : null;
  return {
    ...clampSize(width, height),
    startedAt: typeof own?.startedAt === 'number' ? own.startedAt : seconds,
    title: typeof title === 'string' ? title : '',
    command: typeof command === 'string' ? command : '',
    isContinued: own?.isContinued === true,
    isOwn: typeof own?.startedAt === 'number',
  };
}

/** Null when the line is no event, or of a kind that is not shown. A time before `notBefore` becomes that. */
export function parseEvent(line: string, notBefore: number): CastEvent | null {
  const found = parseJson(line);
  if (!Array.isArray(found)) return null;
  const [at, code, text] = found as unknown[];
  const kind = kinds.get(code as string);
  if (kind === undefined || typeof at !== 'number' || typeof text !== 'string') return null;
  return { at: Math.min(secondsMax, Math.max(notBefore, at)), kind, text };
}

/** Null when it is no size. */
export function parseSize(text: string): { cols: number; rows: number } | null {
  const [, cols, rows] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  return cols === undefined ? null : clampSize(Number(cols), Number(rows));
}

function clampSize(cols: number, rows: number): { cols: number; rows: number } {
  const clamp = (value: number, least: number, most: number) => Math.round(Math.min(most, Math.max(least, value)));
  return { cols: clamp(cols, 2, colsMax), rows: clamp(rows, 1, rowsMax) };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

export function segmentFile(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, '0')}.cast`);
}

/** Numbers of the segments in the folder, oldest first; none when it does not exist. */
export function segmentNumbers(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d{6,}\.cast$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/** The same as paths. */
export function segmentFiles(folder: string): string[] {
  return segmentNumbers(folder).map((number) => segmentFile(folder, number));
}
