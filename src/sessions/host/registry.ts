import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sessionFactsSchema, transcriptBoundsSchema } from '../../domain/session.ts';

/** Ended sessions that are remembered; the oldest are forgotten first. */
export const endedMax = 200;

const recordSchema = z.object({
  version: z.literal(1),
  facts: sessionFactsSchema,
  /** Start time of the process, to tell it from a later one of the same pid. Before there is one, a time that it is not older than. */
  startTime: z.string().nullable(),
  /** What holds the terminal when the host dies. */
  keeper: z.object({ pid: z.int(), startTime: z.string().nullable() }).nullable().default(null),
  transcript: transcriptBoundsSchema.nullable().optional(),
});
export type SessionRecord = Omit<z.infer<typeof recordSchema>, 'version'>;

/**
 * What the host knows of its sessions, on disk: written before a program is started, so that no id is ever started twice,
 * whatever dies when. The environment of a session is not written: it may hold secrets.
 */
export class SessionRegistry {
  readonly #folder: string;

  constructor(runDirectory: string) {
    this.#folder = join(runDirectory, 'sessions');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** A record that must outlive a power cut is waited for until it is on disk. */
  write(record: SessionRecord, { isDurable = true } = {}): void {
    const file = this.#file(record.facts.id);
    const handle = openSync(`${file}.tmp`, 'w', 0o600);
    try {
      writeSync(handle, JSON.stringify({ version: 1, ...record }));
      if (isDurable) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${file}.tmp`, file);
  }

  remove(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  /** Every record, oldest first; those beyond the bound are removed. One that cannot be read is that of a lost session. */
  load(): SessionRecord[] {
    const records = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => this.#read(name.slice(0, -'.json'.length)))
      .sort((a, b) => a.facts.startedAt - b.facts.startedAt);
    const ended = records.filter((record) => record.facts.endedAt !== null);
    for (const { facts } of ended.slice(0, Math.max(0, ended.length - endedMax))) {
      this.remove(facts.id);
      records.splice(
        records.findIndex((record) => record.facts.id === facts.id),
        1,
      );
    }
    return records;
  }

  #read(id: string): SessionRecord {
    const file = this.#file(id);
    try {
      const record = recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      if (record.facts.id === id) return record;
    } catch {
      // Cut off by a full disk, or of another version: all that is known is that the id was used.
    }
    return unreadable(id, lstatSync(file).mtimeMs);
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function unreadable(id: string, at: number): SessionRecord {
  const facts = { id, labels: {}, command: [], cwd: '', pid: null, cols: 80, rows: 24, title: '', program: null };
  const never = { lastOutputAt: null, lastInputAt: null, bellAt: null, exitCode: null, signal: null };
  return {
    facts: { ...facts, ...never, startedAt: at, endedAt: at, isLost: true },
    startTime: null,
    keeper: null,
  };
}
