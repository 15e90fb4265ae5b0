import { age } from '../../base/age.ts';
import { plainText } from '../../base/text.ts';
import { type PaneLayout, paneNameMax } from '../../domain/arrangement.ts';
import { stateWord } from '../../domain/state-word.ts';
import { movePane, nextLayout, togglePin } from '../app/arrange-panes.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import { actOn } from './act-on.ts';

const layoutWords: Record<PaneLayout, string> = {
  grid: 'as a grid',
  main: 'the first large, the others beside it',
  columns: 'side by side',
  rows: 'on each other',
};

function changeLayout(model: DashboardModel): void {
  const arrangement = nextLayout(model.state.arrangement);
  model.set({ arrangement, showing: null, isZoomed: false });
  model.say(`Panes ${layoutWords[arrangement.layout]}.`);
}

/** The numbers of the panes go with their places. */
function move(model: DashboardModel, by: -1 | 1): void {
  const pane = model.selectedPane;
  if (!pane) return;
  const panes = model.panes.map(({ id }) => id);
  model.set({ arrangement: movePane(model.state.arrangement, panes, pane.id, by) });
  actOn.selectPane(model, pane.id);
}

/** Why it cannot be moved that way, or null. */
function whyNotMoved(model: DashboardModel, by: -1 | 1): string | null {
  const at = model.panes.findIndex(({ id }) => id === model.selectedPane?.id);
  if (model.panes[at + by]) return null;
  return by < 0 ? 'it is the first' : 'it is the last';
}

function pin(model: DashboardModel): void {
  const pane = model.selectedPane;
  if (!pane) return;
  const panes = model.panes.map(({ id }) => id);
  const arrangement = togglePin(model.state.arrangement, panes, pane.id);
  const isPinned = arrangement.pinned.includes(pane.id);
  model.set({ arrangement });
  model.say(isPinned ? 'The pane stays in sight, whatever else runs.' : 'The pane is pinned no longer.');
}

/** By which sign the state in the title is known, and how old that is. */
function explain(model: DashboardModel): void {
  const pane = model.selectedPane;
  if (!pane) return;
  const now = Date.now();
  const { status, lastOutputAt, isLost } = pane;
  const words = [
    isLost ? 'lost with its session host' : stateWord(status, now),
    status.reason,
    status.evidence && `known by: ${status.evidence}, ${age(now - status.since)} ago`,
    lastOutputAt !== null && `last output ${age(now - lastOutputAt)} ago`,
  ];
  model.say(`${plainText(words.filter(Boolean).join('; '))}.`);
}

/** Into the shell in the worktree of the task, which is opened if it is not there. */
function openShell(model: DashboardModel): void {
  const run = model.current?.run;
  if (!run) return;
  void model
    .ask((client) => client.call('session.shell', { run: run.id }))
    .then((shell) => shell && model.set({ pane: shell.id, zone: 'panes', isTyping: true }));
}

function name(model: DashboardModel, pane: string, text: string): void {
  const given = [...text.trim()].slice(0, paneNameMax).join('');
  model.set({ names: { ...model.state.names, [pane]: given } });
}

export const inPanes = { name, changeLayout, move, whyNotMoved, pin, explain, openShell };
