/** A viewer as a process: looks at a session and says when it is there. Arguments: run directory, session. */
import { connectDaemon } from '../../src/daemon/connect.ts';
import { openRunDirectory } from '../../src/daemon/run-directory.ts';
import { hostProtocolVersion } from '../../src/protocol/host-messages.ts';

const [directory = '', session = ''] = process.argv.slice(2);
const link = await connectDaemon({
  directory: openRunDirectory(directory),
  name: 'session-host',
  protocol: hostProtocolVersion,
  version: 'test',
});
link?.onMessage(() => process.stdout.write('there\n'));
link?.send({ type: 'request', id: 1, method: 'attach', params: { session, channel: 1, size: null } });
