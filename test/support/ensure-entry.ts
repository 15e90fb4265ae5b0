/**
 * Says that it is ready and waits for a byte; then reaches the session host, starting it when there is none, and prints its pid.
 * Arguments: the run directory and the entry of the program.
 */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
// Used much later, and to be compiled now, like the others.
import '../../src/locks/kernel-lock.ts';
import { nextMessage } from '../../src/daemon/connection.ts';
import { ensureDaemon } from '../../src/daemon/ensure-daemon.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';

const [runDirectory = '', entry = ''] = process.argv.slice(2);
const home = dirname(runDirectory);
// Whoever comes next need not compile it.
flushCompileCache();
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
const link = await ensureDaemon({
  directory: openRunDirectory(runDirectory),
  name: 'session-host',
  protocol: hostProtocolVersion,
  version: 'test',
  command: [process.execPath, entry, '__session-host'],
  env: { PATH: process.env.PATH ?? '', HOME: home, FORGE_HOME: home },
  logFile: `${home}.log`,
});
link.send({ type: 'request', id: 1, method: 'status', params: {} });
const { result } = (await nextMessage(link, 10_000)) as { result: { pid: number } };
process.stdout.write(`${result.pid}\n`);
// Nothing is left that keeps this process alive.
link.dispose();
