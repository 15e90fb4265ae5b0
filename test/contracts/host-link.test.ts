import { expect, onTestFinished, test } from 'vitest';
import { HostLink } from '../../src/app/supervisor/host-link.ts';
import { ForgeError } from '../../src/base/errors.ts';
import type { SessionHost } from '../../src/ports/session-host.ts';
import { until } from '../support/until.ts';

test('a host that does not say what it has is left before another one is reached', async () => {
  const left: string[] = [];
  const hostThat = (name: string, list: SessionHost['list']) =>
    ({
      list,
      watch: async () => ({ dispose() {} }),
      onClose: () => ({ dispose() {} }),
      dispose: () => left.push(name),
    }) as unknown as SessionHost;
  const silent = async () => {
    throw new ForgeError('host.unreachable', 'The session host did not answer within 15 s.');
  };
  const hosts = [hostThat('silent', silent), hostThat('well', async () => [])];
  const link = new HostLink(
    async () => hosts.shift() as SessionHost,
    () => {},
  );
  onTestFinished(() => link.dispose());
  await until('the second host', () => link.isKnown);
  expect(left).toEqual(['silent']);
});
