import { join } from 'node:path';
import { connectDaemon } from '../src/daemon/connect.ts';
import { openRunDirectory } from '../src/daemon/run-directory.ts';
import { CellBuffer } from '../src/domain/cells.ts';
import { hostProtocolVersion } from '../src/protocol/host-messages.ts';
import { connectSessionHost } from '../src/sessions/client/connect-session-host.ts';
import { screenFactory } from '../src/sessions/screen/screen-factory.ts';
import { Painter } from '../src/ui/screen/painter.ts';

const cols = 200;
const rows = 60;

/** Ms from connecting to the session host until the screens of all its sessions are one painted frame; once a repetition. */
export async function attachAll(home: string, times: number): Promise<number[]> {
  const directory = openRunDirectory(join(home, 'run'));
  const samples: number[] = [];
  for (let n = 0; n < times; n++) {
    const startedAt = performance.now();
    const options = { directory, name: 'session-host', protocol: hostProtocolVersion, version: 'bench' };
    const connection = await connectDaemon(options);
    if (!connection) throw new Error('The session host does not run.');
    const host = connectSessionHost(connection, screenFactory);
    const sessions = await host.list();
    const attachments = await Promise.all(sessions.map(({ id }) => host.attach(id, null)));
    const frame = new CellBuffer(cols, rows);
    const columns = Math.ceil(Math.sqrt(attachments.length));
    const [width, height] = [Math.floor(cols / columns), Math.floor(rows / columns)];
    for (const [at, { screen }] of attachments.entries()) {
      screen.blit(frame, (at % columns) * width, Math.floor(at / columns) * height, width, height);
    }
    new Painter(cols, rows).paint(frame, null);
    samples.push(performance.now() - startedAt);
    for (const attachment of attachments) attachment.dispose();
    host.dispose();
  }
  return samples;
}
