import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GateLog } from '../ports/gates.ts';
import { readPart, sizeOf } from '../processes/file-part.ts';

/** Of a line that is shown while a gate runs, in bytes: it is looked at often. */
const lineBytesMax = 4_096;

const logName = /^(\d+)-(.+)\.log$/;

/** The files of one run's gates. */
export class GateLogs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a gate writes, and where it is noted while it runs. */
  placeOf(attempt: number, gate: string): { log: string; note: string } {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const name = join(this.#folder, `${attempt}-${gate}`);
    return { log: `${name}.log`, note: `${name}.command` };
  }

  /** Notes of commands that run, or that a killed Forge left. */
  notes(): string[] {
    return this.#names()
      .filter((name) => name.endsWith('.command'))
      .map((name) => join(this.#folder, name));
  }

  list(): GateLog[] {
    const found = this.#names().flatMap((name) => {
      const [, attempt, gate] = logName.exec(name) ?? [];
      if (attempt === undefined || gate === undefined) return [];
      const file = join(this.#folder, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat ? [{ log: { attempt: Number(attempt), gate, file, bytes: stat.size }, at: stat.birthtimeMs }] : [];
    });
    return found.sort((a, b) => a.log.attempt - b.log.attempt || a.at - b.at).map(({ log }) => log);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }
}

/** The last line with something on it. */
export function lastLineOf(file: string): string {
  const end = readPart(file, Math.max(0, sizeOf(file) - lineBytesMax), lineBytesMax);
  return end.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
}
