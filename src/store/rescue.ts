import type Sqlite from 'better-sqlite3';
import { readMeta, writeMeta } from './meta.ts';
import { placeFile } from './place-file.ts';
import { dropSides, nowhere, placeOf } from './places.ts';
import { requireWhole } from './require-whole.ts';

/**
 * Puts the content of an open database, whose file or side files were taken away, back to where it was. `place` is the file that was
 * opened. Several processes may have that one open: whoever is first says so in it, under its write lock, and the others
 * find all of it in the new file; null when that one is gone too, and whoever has it open is to put it back, unless
 * `isLast`. A database that somebody else put there stays, and this one is kept beside it. Says what was done.
 */
export function rescue(sqlite: Sqlite.Database, file: string, place: string, isLast: boolean): string | null {
  const back = `${file} was taken away while it was in use; all of it is back.`;
  return sqlite
    .transaction(() => {
      const isDone = readMeta(sqlite, 'rescued') === place;
      const at = placeOf(file);
      if (isDone && at !== nowhere && at !== place) return back;
      if (isDone && !isLast) return null;
      writeMeta(sqlite, 'rescued', place);
      // Somebody may have written into the file itself.
      if (at === place) requireWhole(file, sqlite);
      const content = sqlite.serialize();
      if (at === nowhere || at === place) dropSides(file);
      if (placeFile(file, content, at === place)) return back;
      const aside = `${file}.${new Date().toISOString().replaceAll(':', '-')}.aside`;
      placeFile(aside, content);
      return `${file} was replaced by another database while it was in use: that one counts now, ${aside} is what was there.`;
    })
    .immediate();
}
