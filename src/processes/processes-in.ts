import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** The processes of this user that have a folder, or one below it, as their own. Linux tells that; elsewhere the list is empty. */
export function processesIn(folder: string): { pid: number; name: string }[] {
  if (process.platform !== 'linux') return [];
  if (!existsSync(folder)) return [];
  const root = realpathSync(folder);
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const place = readlinkSync(`/proc/${entry}/cwd`);
      if (place !== root && !place.startsWith(`${root}/`)) return [];
      return [{ pid: Number(entry), name: readFileSync(`/proc/${entry}/comm`, 'utf8').trim() }];
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  });
}
