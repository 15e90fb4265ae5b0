import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gemini } from '../../src/agents/gemini/gemini.ts';
import type { OperationContext } from '../../src/app/context.ts';
import type { HostLink } from '../../src/app/supervisor/host-link.ts';
import { SessionWatch } from '../../src/app/supervisor/session-watch.ts';
import type { SessionFacts } from '../../src/domain/session.ts';

test('a screen that could not be read is read again, also when the program writes nothing more', async () => {
  const root = '/shop';
  const facts: SessionFacts = {
    ...{ id: 's', labels: { project: root, agent: 'gemini' }, command: ['gemini'], cwd: root, pid: 7, cols: 80 },
    ...{ rows: 24, startedAt: 0, lastOutputAt: 10, lastInputAt: null, bellAt: null, title: '◇  Ready', program: null },
    ...{ endedAt: null, exitCode: null, signal: null, isLost: false },
  };
  const asks = [' │ Do you trust the files in this folder?', ' │ ● 1. Trust folder'];
  const reads = [() => Promise.reject(new Error('the host is away')), async () => asks, async () => ['nothing']];
  const context = {
    project: { root },
    agents: { adapterOfOrNull: () => gemini },
    store: { words: { get: () => null } },
  };
  const host = { known: () => [facts], screen: () => reads.shift()?.() };
  let now = 60_000;
  const watch = new SessionWatch(
    context as unknown as OperationContext,
    host as unknown as HostLink,
    () => now,
    () => {},
  );
  const look = async () => {
    now += 1_000;
    watch.statusOf('s');
    await setImmediate();
    return watch.statusOf('s')?.state;
  };
  expect(await look()).toBe('unknown');
  expect(await look()).toBe('waiting');
  // What was read stays what it is.
  expect(await look()).toBe('waiting');
  expect(reads).toHaveLength(1);
});
