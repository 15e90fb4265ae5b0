import { readFileSync } from 'node:fs';
import {
  type Arrangement,
  arrangementSchema,
  type PaneNames,
  paneNamesSchema,
  placesMax,
} from '../domain/arrangement.ts';
import { replaceFile } from './replace-file.ts';

/** Of so many projects it is kept how their panes stand. */
const projectsMax = 200;

/** Beside the projects, which are absolute paths, and `*`. */
const namesKey = 'names';

/** How the panes of each project stand in the dashboard: a file that nothing is lost with. */
export class KeptPanes {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  of(project: string): Arrangement | null {
    return arrangementSchema.safeParse(this.#read()[project]).data ?? null;
  }

  names(): PaneNames {
    return paneNamesSchema.safeParse(this.#read()[namesKey]).data ?? {};
  }

  keep(project: string, arrangement: Arrangement): void {
    const { [project]: _before, [namesKey]: names, ...others } = this.#read();
    const kept = [...Object.entries(others), [project, arrangement]].slice(-projectsMax);
    this.#write({ [namesKey]: names, ...Object.fromEntries(kept) });
  }

  /** Besides those that other dashboards gave. */
  keepNames(names: PaneNames): void {
    const all = Object.entries({ ...this.names(), ...names }).filter(([, name]) => name !== '');
    this.#write({ ...this.#read(), [namesKey]: Object.fromEntries(all.slice(-placesMax)) });
  }

  /** What cannot be written is forgotten with the dashboard. */
  #write(kept: Record<string, unknown>): void {
    try {
      replaceFile(this.#file, JSON.stringify(kept));
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
