import { readFileSync } from 'node:fs';
import { type Arrangement, arrangementSchema } from '../domain/arrangement.ts';
import { replaceFile } from './replace-file.ts';

/** Of so many projects it is kept how their panes stand. */
const projectsMax = 200;

/** How the panes of each project stand in the dashboard: a file that nothing is lost with. */
export class KeptPanes {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  of(project: string): Arrangement | null {
    return arrangementSchema.safeParse(this.#read()[project]).data ?? null;
  }

  /** What cannot be written is forgotten with the dashboard. */
  keep(project: string, arrangement: Arrangement): void {
    const { [project]: _before, ...others } = this.#read();
    const kept = [...Object.entries(others), [project, arrangement]].slice(-projectsMax);
    try {
      replaceFile(this.#file, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // A full disk, or a home that may only be read.
    }
  }

  #read(): Record<string, unknown> {
    try {
      const kept: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      return typeof kept === 'object' && kept !== null ? { ...kept } : {};
    } catch {
      // None yet, or what somebody else wrote there.
      return {};
    }
  }
}
