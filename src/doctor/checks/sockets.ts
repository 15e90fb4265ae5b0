import { existsSync, lstatSync } from 'node:fs';
import { openSocket } from '../../daemon/connect.ts';
import { openRunDirectory, socketPath } from '../../daemon/run-directory.ts';
import type { DoctorCheck } from '../check.ts';
import { setAside } from '../set-aside.ts';

export const socketsCheck: DoctorCheck = {
  name: 'sockets',
  why: 'A socket that nobody listens on is what a killed daemon left. The next one replaces it.',
  fix: 'Moves the socket to the backups.',
  async look(place) {
    const { runDirectory } = place.paths;
    if (!existsSync(runDirectory)) return [];
    const directory = openRunDirectory(runDirectory);
    const dead = [];
    for (const daemon of ['session-host', 'supervisor']) {
      const path = socketPath(directory, daemon);
      if (!lstatSync(path, { throwIfNoEntry: false })) continue;
      const link = await openSocket(path);
      link?.destroy();
      if (link) continue;
      const mend = async () => `It is ${setAside(place, path)} now.`;
      dead.push({ what: `Nobody listens on ${path}.`, mend });
    }
    return dead;
  },
};
