import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pushBranch } from '../../src/git/delivery/push-branch.ts';
import { gitTestEnvironment as environment, git, makeRepository } from '../support/git-repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Pushes to a server on this machine that answers like this. */
async function pushTo(listener: RequestListener, silenceMsMax?: number): Promise<string | null> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const root = makeRepository(join(temporaryFolder(), 'repo'));
  const { port } = server.address() as AddressInfo;
  const commit = git(root, 'rev-parse', 'HEAD').trim();
  const input = {
    commonDir: join(root, '.git'),
    environment,
    url: `http://127.0.0.1:${port}/x.git`,
    branch: 'bread',
    commit,
  };
  return pushBranch({ ...input, ...(silenceMsMax === undefined ? {} : { silenceMsMax }) });
}

test('a remote that wants a password gets none, and nobody is asked', async () => {
  const said = await pushTo((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
  });
  expect(said).toContain('does not take your credentials, and Forge asks for none');
});

test('a remote that never answers is given up', async () => {
  const said = await pushTo(() => {}, 500);
  expect(said).toContain('gave no sign');
});

test('an address that names a program, an option or a folder from elsewhere is refused', async () => {
  const root = makeRepository(join(temporaryFolder(), 'repo'));
  const commit = git(root, 'rev-parse', 'HEAD').trim();
  for (const url of ['ext::sh -c true', '--receive-pack=sh', '../other.git', 'fd::3']) {
    const said = await pushBranch({ commonDir: join(root, '.git'), environment, url, branch: 'bread', commit });
    expect(said, url).toContain('is none that Forge pushes to');
  }
});
