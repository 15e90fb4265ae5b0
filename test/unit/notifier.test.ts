import { expect, onTestFinished, test, vi } from 'vitest';
import type { AppClient } from '../../src/app/client.ts';
import { AttentionClaims } from '../../src/app/supervisor/attention-claims.ts';
import type { SessionState } from '../../src/domain/session.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { Notifier } from '../../src/ui/app/notifier.ts';
import { snoozeKey, standingKey } from '../../src/ui/app/snoozed.ts';
import { findForbidden } from '../../src/ui/terminal/allowed-sequences.ts';
import { detectNotification, notification } from '../../src/ui/terminal/notification.ts';
import { projectView, run, session, task, worker } from '../support/project-view.ts';

/** Longer than a dashboard waits before it tells, in ms. */
const longMs = 2_000;

/** A supervisor, and dashboards that it tells what ada and bob do. */
function world() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const claims = new AttentionClaims(Date.now);
  const client = { call: async (_name: string, { keys }: { keys: string[] }) => claims.claim(keys) };
  const open = (isSeen = (_session: string) => false) => {
    const told: string[] = [];
    const model = new DashboardModel();
    const notifier = new Notifier({ model, isSeen, tell: (text) => told.push(text) });
    model.subscribe(() => notifier.look());
    model.connect(client as unknown as AppClient, '/p');
    onTestFinished(() => {
      notifier.dispose();
      model.dispose();
    });
    const shows = async (ada: [SessionState, string?], bob: [SessionState, string?] = ['busy'], waitMs = longMs) => {
      model.receive(
        projectView({
          workers: [worker('ada', 'fg-aaaa-1'), worker('bob', 'fg-bbbb-1')],
          tasks: [task('fg-aaaa', 'Bread'), task('fg-bbbb', 'Buns')],
          runs: [run('fg-aaaa', 'ada'), run('fg-bbbb', 'bob')],
          sessions: [session('fg-aaaa', 'ada', ...ada), session('fg-bbbb', 'bob', ...bob)],
        }),
      );
      await vi.advanceTimersByTimeAsync(waitMs);
    };
    return { model, told, shows };
  };
  return { open };
}

test('each that begins to wait is told once, with why; what waited before and what passes is not', async () => {
  const { told, shows } = world().open();
  await shows(['waiting', 'permission: Bash']);
  expect(told).toEqual([]);
  await shows(['busy'], ['waiting', 'may I?']);
  await shows(['busy'], ['waiting', 'may I?']);
  expect(told).toEqual(['Buns: may I?']);
  await shows(['waiting', 'for a moment'], ['waiting', 'may I?'], 100);
  await shows(['busy'], ['waiting', 'may I?']);
  await shows(['busy'], ['busy'], 20_000);
  await shows(['done'], ['waiting', 'may I?']);
  expect(told.slice(1)).toEqual(['2 wait for you: Bread, Buns']);
  await shows(['idle'], ['waiting', 'and \u001b]9;this\u0007?']);
  expect(told.slice(2)).toEqual(['Buns: and \ufffd]9;this\ufffd?']);
});

test('of two dashboards one tells, and none when one of them shows it', async () => {
  const { open } = world();
  const [one, two] = [open(), open((id) => id.startsWith('fg-bbbb'))];
  const both = (...now: Parameters<typeof one.shows>) => Promise.all([one.shows(...now), two.shows(...now)]);
  await both(['busy']);
  await both(['waiting', 'permission: Bash']);
  expect([...one.told, ...two.told]).toEqual(['Bread: permission: Bash']);
  await both(['waiting', 'permission: Bash'], ['waiting', 'seen']);
  expect([...one.told, ...two.told]).toHaveLength(1);
});

test('what was put off meanwhile is not told', async () => {
  const { model, told, shows } = world().open();
  await shows(['busy']);
  await shows(['waiting', 'later'], ['busy'], 100);
  const item = model.items.find(({ phase }) => phase === 'needs-you');
  model.set({ snoozed: new Map(item && [[snoozeKey(item), standingKey(item)]]) });
  await vi.advanceTimersByTimeAsync(longMs);
  expect(told).toEqual([]);
});

test('a notification is of a kind that the terminal has, short, and nothing else reaches it', () => {
  const kinds = [
    { TERM: 'xterm-kitty' },
    { TERM_PROGRAM: 'WezTerm' },
    { TERM: 'foot' },
    { TERM: 'xterm' },
    { TERM: 'foot', TMUX: '/s' },
  ];
  expect(kinds.map(detectNotification)).toEqual(['osc99', 'osc9', 'osc777', 'bell', 'bell']);
  expect(notification('osc777', 'one; two')).toBe('\u001b]777;notify;forge;one, two\u0007');
  for (const kind of ['bell', 'osc9', 'osc777', 'osc99', 'none'] as const)
    expect(findForbidden(notification(kind, '4;3;50 🥖'.repeat(100)))).toBeNull();
  expect(findForbidden('\u001b]9;4;3;50\u0007')).not.toBeNull();
});
