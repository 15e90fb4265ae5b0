/** Reaches the session host, starting it when there is none, and prints its pid. Arguments: the run directory and the entry of the program. */
import { dirname } from 'node:path';
import { ensureDaemon } from '../../src/daemon/ensure-daemon.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';
import { connectSessionHost } from '../../src/sessions/client/connect-session-host.ts';

const [runDirectory = '', entry = ''] = process.argv.slice(2);
const home = dirname(runDirectory);
const link = await ensureDaemon({
  directory: openRunDirectory(runDirectory),
  name: 'session-host',
  protocol: hostProtocolVersion,
  version: 'test',
  command: [process.execPath, entry, '__session-host'],
  env: { PATH: process.env.PATH ?? '', HOME: home, FORGE_HOME: home },
  logFile: `${home}.log`,
});
const host = connectSessionHost(link, {
  create: () => {
    throw new Error('Nothing is looked at here.');
  },
});
process.stdout.write(`${(await host.status()).pid}\n`);
// Nothing is left that keeps this process alive.
host.dispose();
