import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ForgeError } from '../base/errors.ts';
import { sessionStates } from '../domain/session.ts';

/** Largest file of a recording that is read, in bytes, unpacked. */
const fileBytesMax = 64_000_000;

/** What was true from then on. Whoever made the recording knows it: it does not come from the adapter. */
const storyEntrySchema = z.strictObject({
  /** Ms since the start of the program. */
  at: z.number().min(0),
  state: z.enum(sessionStates),
  /** Words that the reason must have in it. */
  reason: z.string().optional(),
  because: z.string(),
});
export type StoryEntry = z.infer<typeof storyEntrySchema>;

/** What `recording.json` says: how the recording was made, and what was true. Times in ms since the start of the program. */
const aboutSchema = z.strictObject({
  program: z.string(),
  version: z.string(),
  /** ISO time of its making. */
  made: z.string(),
  how: z.string(),
  /** Ms since the epoch. */
  startedAt: z.number(),
  lengthMs: z.number().positive(),
  session: z.string(),
  /** The one that was known at the start; null: the program tells it. */
  conversation: z.string().nullable(),
  command: z.array(z.string()),
  /** Of the start, as far as the adapter needs it to find the records. `{home}` and the like are filled in. */
  environment: z.record(z.string(), z.string()).default({}),
  /** How the program ended; null: it still ran. */
  end: z.strictObject({ at: z.number(), exitCode: z.number().nullable(), signal: z.number().nullable() }).nullable(),
  story: z.array(storyEntrySchema).min(1),
});
export type RecordingAbout = z.infer<typeof aboutSchema>;

/** Text that the program added to a file: `{home}/…`, `{records}/…`, `{worktree}/…`. */
const appendedSchema = z.strictObject({ at: z.number(), path: z.string(), text: z.string() });
export type Appended = z.infer<typeof appendedSchema>;

const castHeadSchema = z.object({ version: z.literal(2), width: z.int().min(2), height: z.int().min(1) });
const castEventSchema = z.tuple([z.number(), z.string(), z.string()]);

export interface Recording {
  name: string;
  about: RecordingAbout;
  cols: number;
  rows: number;
  /** What the program wrote to its terminal. */
  output: readonly { at: number; text: string }[];
  /** What it wrote to its own records. */
  appended: readonly Appended[];
}

/** Reads the folder of one recording. Throws `recording.unreadable`. */
export function readRecording(folder: string, name: string): Recording {
  const about = parse(aboutSchema, join(folder, 'recording.json'), readText(folder, 'recording.json'));
  const cast = join(folder, 'terminal.cast');
  const [head = '', ...events] = linesOf(readText(folder, 'terminal.cast'));
  const { width: cols, height: rows } = parse(castHeadSchema, cast, head);
  const output = events
    .map((line) => parse(castEventSchema, cast, line))
    .flatMap(([seconds, kind, text]) => (kind === 'o' ? [{ at: seconds * 1_000, text }] : []));
  const records = join(folder, 'records.jsonl');
  const appended = linesOf(readText(folder, 'records.jsonl', '')).map((line) => parse(appendedSchema, records, line));
  return { name, about, cols, rows, output, appended };
}

/** The file, or the same with `.gz`. */
function readText(folder: string, name: string, missing?: string): string {
  const path = join(folder, name);
  for (const [file, unpack] of [
    [path, (bytes: Buffer) => bytes],
    [`${path}.gz`, (bytes: Buffer) => gunzipSync(bytes, { maxOutputLength: fileBytesMax })],
  ] as const)
    try {
      return unpack(readFileSync(file)).toString('utf8');
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, (failure as Error).message);
    }
  if (missing !== undefined) return missing;
  throw unreadable(path, 'it is not there, nor with .gz behind it');
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function parse<Schema extends z.ZodType>(schema: Schema, file: string, text: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (failure) {
    throw unreadable(file, (failure as Error).message);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(file, `${issue.path.join('.')}: ${issue.message}`);
}

function unreadable(file: string, why: string): ForgeError {
  return new ForgeError('recording.unreadable', `${file}: ${why}`, {
    next: 'What belongs there: docs/guide/write-an-adapter.md',
  });
}
