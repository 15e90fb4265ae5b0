import { expect, test } from 'vitest';
import { commandHost } from '../../src/code-hosts/command-host.ts';
import { codeHostContract } from '../support/code-host-contract.ts';
import { scriptedCodeHost } from '../support/scripted-code-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

codeHostContract('a program of the person', async () => {
  const folder = temporaryFolder();
  const { command, settle } = scriptedCodeHost(folder);
  return { host: commandHost({ command, cwd: folder, environment: {} }), settle };
});

const shell = (script: string) =>
  commandHost({ command: ['/bin/sh', '-c', script], cwd: '/', environment: { PATH: process.env.PATH ?? '' } });

test('a program that fails, says no JSON or is not there is named with what it said', async () => {
  const saying = (text: string) =>
    expect.objectContaining({ code: 'codeHost.failed', message: expect.stringContaining(text) });
  await expect(shell('echo "bad credentials" >&2; exit 4').find('u', 'b')).rejects.toEqual(
    saying('/bin/sh ended with status 4: bad credentials'),
  );
  await expect(shell('echo hello').find('u', 'b')).rejects.toEqual(saying('wrote no JSON'));
  await expect(shell('echo "{}"').find('u', 'b')).rejects.toEqual(saying('wrote something else'));
  const missing = commandHost({ command: ['no-such-host'], cwd: '/', environment: {} });
  await expect(missing.find('u', 'b')).rejects.toEqual(saying('no-such-host'));
});
