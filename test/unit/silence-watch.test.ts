import { expect, test } from 'vitest';
import type { OperationContext } from '../../src/app/context.ts';
import { FallbackWatch } from '../../src/app/supervisor/fallback-watch.ts';
import { noticeMs, SilenceWatch } from '../../src/app/supervisor/silence-watch.ts';
import type { Trouble } from '../../src/domain/fallback.ts';
import type { SessionFacts, SessionState, SessionStatus } from '../../src/domain/session.ts';

const minute = 60_000;

/** One agent at work, its clock, and what was noted of it and asked for it. */
function working({ state, timeoutMs }: { state: SessionState; timeoutMs?: number }) {
  let now = 1_000_000;
  let screen = ['Thinking'];
  const clock = () => now;
  const facts = { id: 's', labels: { agent: 'ada' }, endedAt: null, lastInputAt: null, marked: null, lastOutputAt: 0 };
  const run = {
    id: 'r',
    session: 's',
    agent: 'ada',
    status: 'working',
    filesChanged: 0,
    linesAdded: 0,
    linesRemoved: 0,
  };
  const noted: unknown[] = [];
  const asked: Trouble[] = [];
  let reads = 0;
  const context = {
    store: {
      runs: { live: () => [run], events: () => [], note: (_id: string, event: unknown) => noted.push(event) },
      words: { get: () => null },
    },
    settings: { agents: [{ name: 'ada', fallback: 'bob', timeoutMs }] },
    agents: { adapterOfOrNull: () => ({ screenRules: [], endsByItself: state === 'unknown' }) },
  } as unknown as OperationContext;
  const known = () => [facts as unknown as SessionFacts];
  const host = {
    known,
    screen: async () => {
      reads++;
      return screen;
    },
  };
  const silence = new SilenceWatch({ context, host, stateOf: () => state, clock, log() {} });
  const watch = new FallbackWatch({
    context,
    runs: { fallBack: (_id, trouble) => asked.push(trouble) > 0 },
    factsOf: () => known()[0] as SessionFacts,
    statusOf: () => ({ state, reason: '', evidence: '', since: 0 }) as SessionStatus,
    silentSince: (session) => silence.since(session),
    clock,
  });
  /** Looked at once a second, as the supervisor does, while its spinner turns. */
  const passes = async (ms: number) => {
    for (const end = now + ms; now < end; now += 1_000) {
      facts.lastOutputAt = now;
      silence.look();
      watch.look();
      await null;
    }
  };
  return {
    ...{ passes, noted, asked },
    isSilent: () => silence.since('s') !== null,
    reads: () => reads,
    shows: (row: string) => {
      screen = [...screen, row];
    },
  };
}

test('without a bound half an hour of silence is shown, noted once, and nothing is done about it', async () => {
  const { passes, noted, asked, isSilent, reads, shows } = working({ state: 'busy' });
  await passes(noticeMs - minute);
  expect(isSilent()).toBe(false);
  shows('Reading the tests');
  await passes(noticeMs - 2 * minute);
  expect(isSilent()).toBe(false);
  await passes(4 * minute);
  expect(isSilent()).toBe(true);
  expect(noted).toMatchObject([{ type: 'run.silent' }]);
  expect(asked).toEqual([]);
  // Of many quiet agents at once none is read every second.
  expect(reads()).toBeLessThan(140);
  shows('All passed');
  await passes(minute);
  expect(isSilent()).toBe(false);
});

test('a program that does not say that it works may be silent for as long as it takes', async () => {
  const { passes, isSilent } = working({ state: 'unknown' });
  await passes(noticeMs + 5 * minute);
  expect(isSilent()).toBe(false);
});

test.each(['busy', 'unknown'] as const)('with a bound another takes over from an agent that is %s', async (state) => {
  const { passes, asked } = working({ state, timeoutMs: 2 * minute });
  await passes(minute);
  expect(asked).toEqual([]);
  await passes(2 * minute);
  expect(asked[0]).toMatchObject({ cause: 'timeout' });
});
