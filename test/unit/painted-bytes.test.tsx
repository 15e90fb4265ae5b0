import { expect, onTestFinished, test, vi } from 'vitest';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { SessionScreens } from '../../src/ui/app/session-screens.ts';
import { CopyModes } from '../../src/ui/copy/copy-modes.ts';
import { bindKeys } from '../../src/ui/keymap/bind-keys.ts';
import type { Hands } from '../../src/ui/keymap/hands.ts';
import { joinDashboard } from '../../src/ui/terminal/run-dashboard.ts';
import { Dashboard } from '../../src/ui/views/dashboard.tsx';
import { views } from '../../src/ui/views/views.ts';
import { FakeTerminal } from '../support/fake-terminal.ts';
import { projectView, run, session, task, worker } from '../support/project-view.ts';

const cols = 200;
const rows = 60;
/** Of one row that is painted anew from end to end: its cells, few of them no ASCII, and where its colours change. */
const rowBytes = 2 * cols;

const ids = Array.from({ length: 500 }, (_, n) => `fg-${n.toString(36).padStart(4, '0')}`);
const busy = ids.slice(0, 20);
const workerOf = (id: string) => `w${ids.indexOf(id)}`;
const sessions = () => busy.map((id) => session(id, workerOf(id), 'busy'));

/** 500 tasks, 20 of them at work, on the screen at the given view. */
async function open(view: string | null) {
  const model = new DashboardModel();
  const screens = new SessionScreens(() => new Promise(() => {}));
  const copy = new CopyModes(model, screens, async () => null);
  const terminal = new FakeTerminal(cols, rows);
  const keymap = bindKeys({}, 'ctrl+q');
  const props = { model, screens, copy, hands: {} as Hands, leader: 'ctrl+q', keymap, isSingle: false };
  model.receive(
    projectView({
      workers: busy.map((id) => worker(workerOf(id), `${id}-1`)),
      tasks: ids.map((id, n) => task(id, `Task ${n} of the shop`)),
      runs: busy.map((id) => run(id, workerOf(id))),
      sessions: sessions(),
    }),
  );
  model.set({ showing: views.find(({ id }) => id === view) ?? null });
  const dashboard = joinDashboard(
    { element: <Dashboard {...props} />, leader: 'ctrl+q', colours: 'truecolor', typing: () => null, onLeader() {} },
    terminal.open,
  );
  onTestFinished(() => {
    for (const held of [dashboard, copy, screens, model]) held.dispose();
  });
  await vi.waitFor(() => expect(terminal.screen.text.join('\n')).toContain('Task 1 of the shop'));
  return { model, terminal };
}

/** What is written from `act` to what it shows. */
async function painted(terminal: FakeTerminal, act: () => void, shows: () => void): Promise<string[]> {
  terminal.writes = [];
  act();
  await vi.waitFor(shows, { interval: 5 });
  return terminal.writes;
}

const bytesOf = (frames: string[]) => Buffer.byteLength(frames.join(''));
const isBracketed = /^\u001b\[\?2026h.*\u001b\[\?2026l$/s;

test.each([null, 'board', 'runs', 'graph'])('a selection that moves paints the two rows (%s)', async (view) => {
  const { model, terminal } = await open(view);
  const selected = () => (view === null ? model.state.selected : model.listing?.cursor);
  for (let n = 0; n < 3; n++) {
    const before = selected();
    const frames = await painted(
      terminal,
      () => terminal.type('j'),
      () => {
        expect(selected()).not.toBe(before);
        expect(terminal.writes).not.toEqual([]);
      },
    );
    // The row that it leaves and the one that it comes to.
    expect(bytesOf(frames)).toBeLessThan(2 * rowBytes);
    for (const frame of frames) expect(frame).toMatch(isBracketed);
  }
});

test('a session that begins to wait paints what tells of it, and no other row', async () => {
  const { model, terminal } = await open('runs');
  const frames = await painted(
    terminal,
    () => model.receive({ sessions: sessions().with(3, session(busy[3] ?? '', 'w3', 'waiting', 'May I?')) }),
    () => expect(terminal.screen.text.join('\n')).toContain('1 needs you'),
  );
  // Its row, and the header that counts.
  expect(bytesOf(frames)).toBeLessThan(2 * rowBytes);
});
