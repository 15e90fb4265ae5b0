import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that tests, and programs that they kill, leave behind lies in one folder, which goes when the tests are over. */
export default function oneTemporaryFolder(): () => void {
  // Short: paths of sockets below it have 104 characters on some systems.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'f-')));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
