import { appendFileSync, mkdirSync, utimesSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { Appended } from './recording.ts';

/** Where a recording is played: the folders that its paths begin with. */
export type Places = Record<'root' | 'home' | 'records' | 'repository' | 'worktree', string>;

export function makePlaces(root: string): Places {
  const place = (name: string) => join(root, name);
  const places = {
    ...{ root, home: place('home'), records: place('records') },
    ...{ repository: place('repository'), worktree: place('worktrees/fg-1') },
  };
  for (const path of Object.values(places)) mkdirSync(path, { recursive: true });
  return places;
}

/** `{worktree-dashed}` is how some programs name a folder after a path: each character but letters and digits as a dash. */
export function fillPlaces(text: string, places: Places): string {
  return text.replace(/\{(home|records|repository|worktree)(-dashed)?\}/g, (_, name: keyof Places, dashed?: string) =>
    dashed === undefined ? places[name] : places[name].replace(/[^a-zA-Z0-9]/g, '-'),
  );
}

/** Adds to the files what the program did. Throws for a path that leads out of the places: recordings come from others too. */
export function append(appended: readonly Appended[], places: Places, now: number): void {
  for (const { path, text } of appended) {
    const file = resolve(places.root, fillPlaces(path, places));
    if (!file.startsWith(places.root + sep))
      throw new ForgeError('recording.unreadable', `A recording names the file ${path}, which is none of its own.`);
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, fillPlaces(text, places));
    utimesSync(file, now / 1_000, now / 1_000);
  }
}
