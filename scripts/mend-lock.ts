/**
 * better-sqlite3 brings its binaries and says `gypfile: false`, so that npm builds nothing. npm does not copy that word into the
 * lock file, and `npm ci` reads only the lock file: it would run node-gyp, which needs python, make and the network. Run after
 * every change of the dependencies: `npm run lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, { gypfile?: boolean }> };
const entry = lock.packages['node_modules/better-sqlite3'];
if (entry) {
  entry.gypfile = false;
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
