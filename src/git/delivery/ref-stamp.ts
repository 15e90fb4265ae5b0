import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** Where git keeps refs that have no file of their own. */
const shared = ['HEAD', 'packed-refs', 'reftable/tables.list'];

/** Changes whenever one of the refs does, by the files that git replaces for it: no git is started. */
export function refStamp(commonDir: string, refs: readonly string[]): string {
  return [...shared, ...refs]
    .map((name) => {
      const stat = lstatSync(join(commonDir, name), { bigint: true, throwIfNoEntry: false });
      return stat === undefined ? '' : `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
    })
    .join(' ');
}
