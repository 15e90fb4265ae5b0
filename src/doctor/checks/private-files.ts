import { chmodSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { DoctorCheck, Finding } from '../check.ts';

export const privateFilesCheck: DoctorCheck = {
  name: 'private-files',
  why: 'Recordings, prompts and the sockets that agents are typed into through are yours alone.',
  fix: 'Takes the rights of others away, and changes nothing else.',
  async look({ paths, projects }) {
    const folders = [
      paths.home,
      paths.runDirectory,
      paths.logsDirectory,
      paths.sessionsDirectory,
      paths.recordsDirectory,
    ];
    const more = [paths.agentsDirectory, paths.portsDirectory, paths.backupsDirectory];
    const databases = projects.map(({ directory }) => join(directory, 'forge.db'));
    return [...folders, ...more, ...databases].flatMap(openToOthers);
  },
};

function openToOthers(path: string): Finding[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  const mode = (stat.mode & 0o777).toString(8);
  const mine = process.getuid?.() ?? stat.uid;
  if (stat.isSymbolicLink())
    return [{ what: `${path} is a symbolic link.`, next: 'Remove the link, if it is not yours.' }];
  if (stat.uid !== mine)
    return [{ what: `${path} belongs to user ${stat.uid}.`, next: `Make it yours: chown ${mine} ${path}` }];
  if ((stat.mode & 0o077) === 0) return [];
  const mend = async () => {
    chmodSync(path, stat.mode & 0o700);
    return `Its mode was ${mode} and is ${(stat.mode & 0o700).toString(8)}.`;
  };
  return [{ what: `Others may read or change ${path} (mode ${mode}).`, mend }];
}
