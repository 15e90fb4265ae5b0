import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DoctorCheck } from '../check.ts';
import { setAside } from '../set-aside.ts';

export const recordingsCheck: DoctorCheck = {
  name: 'recordings',
  why: 'A recording that no session names takes room and is shown nowhere.',
  fix: 'Moves it to the backups.',
  async look(place) {
    const { sessionsDirectory, runDirectory } = place.paths;
    const records = join(runDirectory, 'sessions');
    // Without their records nothing can be said of any.
    if (!existsSync(sessionsDirectory) || !existsSync(records)) return [];
    const known = new Set(readdirSync(records).map((name) => name.replace(/\.json$/, '')));
    const sessions = (await place.sessions()) ?? [];
    for (const { id } of sessions) known.add(id);
    return readdirSync(sessionsDirectory)
      .filter((name) => !known.has(name))
      .map((name) => {
        const path = join(sessionsDirectory, name);
        return {
          what: `${path} is a recording of no known session.`,
          mend: async () => `It is ${setAside(place, path)} now.`,
        };
      });
  },
};
