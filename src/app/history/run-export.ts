import { z } from 'zod';
import { ForgeError } from '../../base/errors.ts';
import { type Run, type RunEvent, runStatusSchema } from '../../domain/run.ts';
import type { RunSnapshot } from '../../ports/store.ts';

/** Version of the form of an exported run. */
export const runExportVersion = 1;

const nullableText = z.string().nullable();
const nullableTime = z.number().nullable();
const headerSchema = z.object({
  forge: z.literal('run'),
  version: z.literal(runExportVersion),
  run: z.object({
    ...{ id: z.string(), task: z.string(), worker: z.string(), agent: z.string() },
    ...{ status: runStatusSchema, reason: z.string(), session: z.string(), conversation: nullableText },
    ...{ worktree: nullableText, branch: nullableText, base: nullableText },
    // Left out by what was exported before there were any.
    ...{ group: nullableText.default(null), groupMax: z.number().nullable().default(null) },
    ...{ createdAt: z.number(), startedAt: nullableTime, endedAt: nullableTime },
    ...{ filesChanged: z.number(), linesAdded: z.number(), linesRemoved: z.number() },
  }) satisfies z.ZodType<Run>,
  snapshot: z.object({ machineVersion: z.number(), snapshot: z.unknown() }) satisfies z.ZodType<RunSnapshot>,
});

const eventSchema = z.object({
  ...{ sequence: z.int(), run: z.string(), type: z.string(), status: runStatusSchema, at: z.number() },
  payload: z.record(z.string(), z.unknown()),
  // Left out by what was exported before there were any.
  ...{ actor: z.string().default(''), cause: nullableText.default(null), correlation: nullableText.default(null) },
}) satisfies z.ZodType<RunEvent>;

/** A run with its whole history, for another machine or another version. */
export type RunExport = z.infer<typeof headerSchema> & { events: RunEvent[] };

const exportSchema = headerSchema.extend({ events: z.array(eventSchema) });

/** A line for all but the events, then one for each. */
export function exportLines({ events, ...header }: RunExport): string[] {
  return [header, ...events].map((value) => JSON.stringify(value));
}

/** Reads either form. Throws `usage.invalid` that names what is wrong. */
export function parseRunExport(text: string): RunExport {
  const read = exportSchema.safeParse(readEither(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw notARun(`${issue?.path.join('.') || 'it'}: ${issue?.message}`);
}

function readEither(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return readLines(text.trimEnd().split('\n'));
  }
}

function readLines(lines: string[]): unknown {
  try {
    const [header, ...events] = lines.map((line) => JSON.parse(line) as object);
    return { ...header, events };
  } catch (failure) {
    throw notARun((failure as Error).message);
  }
}

function notARun(why: string): ForgeError {
  return new ForgeError('usage.invalid', `That is no exported run: ${why}`, { next: 'Make one: forge run export RUN' });
}
