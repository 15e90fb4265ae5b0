import {
  closeSync,
  fsyncSync,
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
import { type SessionFacts, sessionFactsSchema } from '../../domain/session.ts';

/** Ended sessions that are remembered; the oldest are forgotten first. */
const endedMax = 200;

const recordSchema = z.object({
  version: z.literal(1),
  facts: sessionFactsSchema,
  /** Start time of the process, to tell it from a later one of the same pid. */
  startTime: z.string().nullable(),
});
export type SessionRecord = z.infer<typeof recordSchema>;

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

  write(facts: SessionFacts, startTime: string | null): void {
    const file = this.#file(facts.id);
    const handle = openSync(`${file}.tmp`, 'w', 0o600);
    try {
      writeSync(handle, JSON.stringify({ version: 1, facts, startTime } satisfies SessionRecord));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${file}.tmp`, file);
  }

  remove(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  /** Every record that can be read, oldest first; those beyond the bound are removed. */
  load(): SessionRecord[] {
    const records = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => this.#read(join(this.#folder, name)))
      .filter((record) => record !== null)
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

  #read(file: string): SessionRecord | null {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return null;
    }
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
