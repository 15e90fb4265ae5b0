import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionView } from '../../../src/domain/session.ts';
import type { Attachment } from '../../../src/ports/session-host.ts';
import { DashboardModel } from '../../../src/ui/app/dashboard-model.ts';
import type { SessionScreens } from '../../../src/ui/app/session-screens.ts';
import { CopyModes } from '../../../src/ui/copy/copy-modes.ts';
import { CopyMouse } from '../../../src/ui/copy/copy-mouse.ts';
import type { MouseEvent } from '../../../src/ui/input/mouse-event.ts';
import { FakeLivePane } from '../../support/fake-live-pane.ts';

const sessions = ['ada', 'bob', 'cy', 'dee', 'eve'].map(
  (id, index) =>
    ({
      id,
      labels: { worker: id },
      startedAt: index,
      endedAt: null,
      status: { state: 'busy', since: 0 },
    }) as unknown as SessionView,
);

let live: Record<string, FakeLivePane>;
let model: DashboardModel;
let modes: CopyModes;
let mouse: CopyMouse;
let clipboard: string[];
let keptIn: string | null;
let now: number;

beforeEach(() => {
  const lines = Array.from({ length: 50 }, (_, index) => `row ${index + 1} of ada`);
  live = { ada: new FakeLivePane(lines, 20, 5) };
  for (const id of ['bob', 'cy', 'dee', 'eve']) live[id] = new FakeLivePane([`${id} here`], 20, 5);
  model = new DashboardModel({ zone: 'panes', pane: 'ada' });
  const project = { name: 'shop', root: '/p', mode: 'standard' as const };
  model.receive({ project, sessions, tasks: [], runs: [], workers: [] });
  const screens = {
    get: (id: string) => (live[id] as unknown as Attachment) ?? null,
    history: (id: string) => live[id]?.history(),
  };
  clipboard = [];
  keptIn = null;
  now = 0;
  modes = new CopyModes(model, screens as unknown as SessionScreens, async (text) => {
    clipboard.push(text);
    return keptIn;
  });
  // ada from column 0, bob from column 30; row 0 is the titles'.
  const paneAt = (x: number, y: number) => {
    if (y < 1 || y > 5) return null;
    return x < 30
      ? { pane: 'ada', rect: { x: 0, y: 1, width: 20, height: 5 } }
      : { pane: 'bob', rect: { x: 30, y: 1, width: 20, height: 5 } };
  };
  mouse = new CopyMouse(model, modes, paneAt, () => now);
});

afterEach(() => {
  mouse.dispose();
  modes.dispose();
  model.dispose();
  expect(Object.values(live).map((pane) => pane.listeners)).toEqual([0, 0, 0, 0, 0]);
});

function act(kind: MouseEvent['kind'], x: number, y: number, more: Partial<MouseEvent> = {}): void {
  const button = kind === 'wheel' || kind === 'move' ? 'none' : 'left';
  mouse.handle({
    kind,
    button,
    code: 0,
    x,
    y,
    wheel: 0,
    modifiers: { shift: false, alt: false, ctrl: false },
    ...more,
  });
}

async function ready(session = 'ada'): Promise<void> {
  await vi.waitFor(() => expect(modes.get(session)?.isReady).toBe(true));
}

async function entered(): Promise<void> {
  modes.enter('ada');
  await ready();
}

const top = (session = 'ada') => modes.get(session)?.state?.top;

test('keys go to copy mode while its pane has the keyboard, and nowhere else', async () => {
  expect(modes.press('k')).toBe(false);
  await entered();
  expect(modes.press('k')).toBe(true);
  expect(modes.press('x')).toBe(true);
  expect(modes.get('ada')?.state?.cursor.line).toBe(48);
  model.set({ zone: 'list' });
  expect(modes.press('k')).toBe(false);
  model.set({ zone: 'panes', pane: 'bob' });
  expect([modes.press('k'), modes.cursorPane]).toEqual([false, null]);
  model.set({ pane: 'ada' });
  expect(modes.cursorPane).toBe('ada');
  modes.press('/');
  expect(modes.cursorPane).toBeNull();
  modes.press('escape');
  modes.press('q');
  expect([modes.get('ada'), model.state.isTyping]).toEqual([null, false]);
});

test('whoever came from typing types on afterwards, unless the leader ended it', async () => {
  model.set({ isTyping: true });
  await entered();
  expect(model.state.isTyping).toBe(false);
  modes.press('q');
  expect(model.state.isTyping).toBe(true);
  model.set({ isTyping: false });
  modes.enter('ada', true);
  await ready();
  modes.press('leader');
  expect([modes.get('ada'), model.state.isTyping]).toEqual([null, false]);
});

test('a pane that is typed into shows what comes of it', async () => {
  await entered();
  model.set({ zone: 'list' });
  modes.enter('bob');
  model.set({ zone: 'panes', isTyping: true });
  expect([modes.get('ada'), modes.get('bob')]).toEqual([null, expect.anything()]);
  expect(model.state).toMatchObject({ pane: 'ada', isTyping: true });
});

test('copying says so, keeps it for pasting, and leaves', async () => {
  await entered();
  for (const key of ['k', 'Y']) modes.press(key);
  await vi.waitFor(() =>
    expect(model.state.message?.text).toBe('Copied 13 characters; {pane.paste} pastes into a pane.'),
  );
  expect([clipboard, modes.get('ada')]).toEqual([['row 49 of ada'], null]);
  modes.paste('bob');
  expect(live.bob?.typed).toBe('row 49 of ada');
  live.bob?.print('\u001b[?2004h');
  model.set({ copied: 'one\ntwo 漢\u001b[201~x' });
  modes.paste('bob');
  expect(live.bob?.typed).toBe('row 49 of ada\u001b[200~one\rtwo 漢\u241b201~x\u001b[201~');
});

test('what is too long for the clipboard is said to be in a file', async () => {
  keptIn = '/run/copied.txt';
  await entered();
  modes.press('Y');
  await vi.waitFor(() => expect(model.state.message?.text).toMatch(/are in \/run\/copied\.txt$/));
});

test('blanks alone are not copied', async () => {
  live.ada?.print('   ');
  await entered();
  modes.press('Y');
  expect([clipboard, model.state.copied]).toEqual([[], null]);
});

test('a history that cannot be had leaves copy mode, and is told', async () => {
  (live.ada as FakeLivePane).failure = new Error('the disk is gone');
  modes.enter('ada');
  await vi.waitFor(() => expect(model.state.message?.text).toContain('the disk is gone'));
  expect(modes.get('ada')).toBeNull();
});

test('a pane that is gone takes its copy mode along', async () => {
  await entered();
  model.receive({ sessions: sessions.slice(1) });
  expect(modes.get('ada')).toBeNull();
});

test('a fifth pane in copy mode takes the oldest one out of it', () => {
  for (const { id } of sessions) modes.enter(id);
  expect(sessions.map(({ id }) => modes.get(id) !== null)).toEqual([false, true, true, true, true]);
});

test('the wheel up enters and scrolls, over any pane; down at the bottom leaves', async () => {
  act('wheel', 35, 3, { wheel: -1 });
  await ready('bob');
  expect(model.state.pane).toBe('ada');
  act('wheel', 35, 3, { wheel: 1 });
  expect(modes.get('bob')).toBeNull();
  model.set({ isTyping: true });
  act('wheel', 3, 3, { wheel: 1 });
  expect(modes.get('ada')).toBeNull();
  act('wheel', 3, 3, { wheel: -1 });
  act('wheel', 3, 3, { wheel: -1 });
  await ready();
  expect([top(), model.state.isTyping]).toEqual([39, false]);
  for (let count = 0; count < 3; count++) act('wheel', 3, 3, { wheel: 1 });
  expect([modes.get('ada'), model.state.isTyping]).toEqual([null, true]);
});

test('a drag on the live screen selects, its release copies, and the live screen comes back', async () => {
  act('press', 4, 2);
  expect(modes.get('ada')).toBeNull();
  act('drag', 5, 3);
  act('drag', 2, 3);
  act('release', 2, 3);
  await vi.waitFor(() => expect(clipboard).toEqual(['47 of ada\nrow']));
  await vi.waitFor(() => expect(modes.get('ada')).toBeNull());
});

test('with Alt a drag selects a block', async () => {
  const modifiers = { shift: false, alt: true, ctrl: false };
  act('press', 4, 1, { modifiers });
  act('drag', 5, 3, { modifiers });
  act('release', 5, 3, { modifiers });
  await vi.waitFor(() => expect(clipboard).toEqual(['46\n47\n48']));
});

test('in a pane that was scrolled back a drag stays there, and beyond the edge it scrolls on', async () => {
  await entered();
  modes.press('pageup');
  modes.press('pageup');
  const before = top() as number;
  act('press', 0, 5);
  act('drag', 0, 0);
  await vi.waitFor(() => expect(top()).toBeLessThan(before - 4), { timeout: 5_000 });
  act('release', 0, 0);
  expect(clipboard[0]).toMatch(/^row \d+ of ada\n[\s\S]*\nr$/);
  const kept = top();
  expect(modes.get('ada')?.state?.anchor).not.toBeNull();
  act('wheel', 0, 3, { wheel: -1 });
  expect(top()).toBe(Math.max(0, (kept as number) - 3));
});

test('two clicks copy the word, three the line', async () => {
  await entered();
  act('press', 8, 1);
  act('release', 8, 1);
  now = 100;
  act('press', 8, 1);
  act('release', 8, 1);
  now = 200;
  act('press', 8, 1);
  act('release', 8, 1);
  now = 1_000;
  act('press', 8, 1);
  act('release', 8, 1);
  expect(clipboard).toEqual(['of', 'row 46 of ada']);
});

test('a click on another pane types there; on one in copy mode it places the cursor', async () => {
  await entered();
  act('press', 34, 2);
  act('release', 34, 2);
  expect(model.state).toMatchObject({ pane: 'bob', isTyping: true });
  act('press', 6, 2);
  act('release', 6, 2);
  expect(model.state).toMatchObject({ pane: 'ada', isTyping: false });
  expect(modes.get('ada')?.state?.cursor).toEqual({ line: 46, column: 6 });
});
