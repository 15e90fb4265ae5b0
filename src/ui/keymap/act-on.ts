import { editTask } from '../../app/edit-task.ts';
import type { WorkItem } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import type { Run } from '../../domain/run.ts';
import { isShell } from '../../domain/shell.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import { snoozeKey, standingKey } from '../app/snoozed.ts';
import type { View } from '../app/view.ts';
import type { Hands } from './hands.ts';
import { inList } from './in-list.ts';
import { putAway } from './put-away.ts';

/** Moves the selection: `dx` between list and panes and along panes, `dy` within either; or within the view that is shown. */
function move(model: DashboardModel, dx: number, dy: number): void {
  const { zone, showing } = model.state;
  if (showing) {
    inList.move(model, dx, dy);
    return;
  }
  if (zone === 'list') {
    if (dx > 0 && model.panes.length > 0) model.set({ zone: 'panes' });
    if (dy !== 0) step(model, dy);
    return;
  }
  const index = model.panes.findIndex((pane) => pane.id === model.state.pane);
  const next = model.panes[index + (dx || dy)];
  if (next) selectPane(model, next.id);
  else if (dx < 0 && !model.state.isZoomed) model.set({ zone: 'list' });
}

/** The pane, and in the list the task that it works on. */
function selectPane(model: DashboardModel, pane: string): void {
  const session = model.panes.find((candidate) => candidate.id === pane);
  const item = session && model.itemOf(session);
  model.set({ pane, zone: 'panes', ...(item ? { selected: item.task.id } : {}) });
}

/** A click on a pane is for typing into it; the program itself gets the next one. */
function clickPane(model: DashboardModel, pane: string): void {
  const { dialog, isTyping, pane: before } = model.state;
  if (dialog !== null || (isTyping && before === pane)) return;
  selectPane(model, pane);
  model.set({ isTyping: model.selectedPane?.endedAt === null });
}

/** A click on the title of a pane. */
function clickTitle(model: DashboardModel, pane: string): void {
  const { dialog, isTyping, pane: before } = model.state;
  if (dialog !== null || (isTyping && before === pane)) return;
  selectPane(model, pane);
  model.set({ isTyping: false });
}

/** A click on a row of the list. */
function clickRow(model: DashboardModel, key: string): void {
  if (model.state.dialog !== null) return;
  model.set({ zone: 'list', isTyping: false });
  selectRow(model, key);
}

/** A click on a line of a view selects it; on the selected one it opens. */
function clickLine(model: DashboardModel, index: number): void {
  if (model.state.dialog !== null) return;
  if (index === model.listing?.cursor) open(model);
  else inList.select(model, index);
}

/** In the view that is shown, or in the list on the left; as far as there are lines. */
function step(model: DashboardModel, dy: number): void {
  if (model.state.showing) {
    inList.move(model, 0, dy);
    return;
  }
  const index = model.rows.findIndex((row) => row.key === model.state.selected);
  const row = model.rows[Math.min(model.rows.length - 1, Math.max(0, index + dy))];
  if (row) selectRow(model, row.key);
}

/** The pane of what is selected is the selected pane: one look, one place. */
function selectRow(model: DashboardModel, key: string): void {
  const session = model.rows.find((row) => row.key === key)?.item?.session?.id;
  const pane = model.panes.some((candidate) => candidate.id === session) ? { pane: session ?? null } : {};
  model.set({ selected: key, ...pane });
}

function switchZone(model: DashboardModel): void {
  model.set({ zone: model.state.zone === 'list' ? 'panes' : 'list' });
}

/** Enter: into the pane of what is selected; a task without one is dispatched. A view may open something else. */
function open(model: DashboardModel): void {
  const { showing } = model.state;
  if (showing?.open) showing.open(model);
  else openCurrent(model);
}

function openCurrent(model: DashboardModel): void {
  const item = model.current;
  const isPane = model.isInPanes;
  const session = isPane ? model.selectedPane : (item?.session ?? null);
  const pane = model.panes.find((candidate) => candidate.id === session?.id);
  if (pane?.endedAt === null) model.set({ pane: pane.id, zone: 'panes', isTyping: true });
  else if (isPane)
    model.say(
      'This session has ended. {run.cancel} puts the pane away; {run.pause} or {run.dispatch} goes on with the task.',
    );
  else if (item) openTask(model, item);
  else if (!model.state.showing)
    model.say('This worker is idle. Select a task and press {run.dispatch} to give it one.');
}

function openTask(model: DashboardModel, item: WorkItem): void {
  const hasRun = item.run !== null && (item.task.status === 'closed' || item.run.endedAt === null);
  if (hasRun && item.run) model.set({ dialog: { kind: 'run', run: item.run.id } });
  else if (item.task.isReady) model.set({ dialog: { kind: 'worker-picker', item } });
  else model.set({ dialog: { kind: 'task-form', item: item } });
}

function nextAttention(model: DashboardModel): void {
  const { waiting } = model;
  const index = waiting.findIndex((item) => item.task.id === model.current?.task.id);
  // One that is only selected in the list has not been gone to yet.
  const skip = !model.isInPanes && index >= 0 ? 0 : 1;
  const next = waiting[(index + skip) % waiting.length];
  if (!next) return;
  const pane = model.panes.find((candidate) => candidate.id === next.session?.id);
  model.set({ showing: null, selected: next.task.id, ...(pane ? { pane: pane.id, zone: 'panes' } : { zone: 'list' }) });
}

function toggleClosed(model: DashboardModel): void {
  const task = model.current?.task;
  if (!task) return;
  const name = task.status === 'open' ? 'task.close' : 'task.reopen';
  void model
    .ask((client) => client.call(name, { id: task.id }))
    .then((changed) => changed && model.say(`${task.id} is ${changed.status}.`, 'good'));
}

function editInEditor(model: DashboardModel, hands: Hands): void {
  const task = model.current?.task;
  if (!task) return;
  void model.ask(async (client) => {
    const details = await client.call('task.show', { id: task.id });
    const saved = await editTask(details, hands.edit, (patch) => client.call('task.edit', { id: task.id, patch }));
    model.say(`${task.id} ${saved ? 'is changed.' : 'stays as it is.'}`, saved ? 'good' : 'info');
  });
}

/** `by` -1: more urgent. */
function changePriority(model: DashboardModel, by: -1 | 1): void {
  const task = model.current?.task;
  if (!task) return;
  void model
    .ask((client) => client.call('task.priority', { id: task.id, by }))
    .then((changed) => changed && model.say(`${task.id} has priority ${changed.priority}.`, 'good'));
}

function undo(model: DashboardModel): void {
  void model
    .ask((client) => client.call('undo', {}))
    .then((step) => step && model.say(`Taken back: ${plainText(step.words)}.`, 'good'));
}

function redo(model: DashboardModel): void {
  void model
    .ask((client) => client.call('redo', {}))
    .then((step) => step && model.say(`Done again: ${plainText(step.words)}.`, 'good'));
}

/** `max`: so many of them are at work at once; left out: as many as the settings allow. */
function dispatchReady(model: DashboardModel, max?: number): void {
  void model
    .ask((client) => client.call('run.dispatch.ready', { max }))
    .then((runs) => {
      if (!runs) return;
      const started = runs.filter(({ status }) => status !== 'queued');
      const to = started.map((run) => `${run.task} to ${run.worker}`).join(', ');
      const waiting = runs.length - started.length;
      const said = [to && `Dispatched ${to}.`, waiting > 0 && `${waiting} in the queue.`].filter(Boolean).join(' ');
      const { projects, view } = model.state;
      const where = projects && view ? ` in ${view.project.name}` : '';
      model.say(said || `Nothing is ready${where}.`, said ? 'good' : 'info');
    });
}

function approve(model: DashboardModel): void {
  const run = model.current?.run;
  if (!run) return;
  model.set({
    dialog: {
      kind: 'confirm',
      ...acceptWords(run),
      yes: () =>
        void model
          .ask((client) => client.call('run.approve', { run: run.id }))
          .then((done) => done && model.say(`${run.task} is accepted: ${done.status}.`, 'good')),
    },
  });
}

function acceptWords(run: Run): { question: string; detail: string } {
  const branch = `The work is on branch ${run.branch ?? ''}.`;
  if (run.status === 'awaiting') {
    const question = `Take ${run.task} as done, merged or not?`;
    return { question, detail: `${run.reason} Its task is closed. ${branch}` };
  }
  const question = `Accept the work of ${run.worker} on ${run.task}?`;
  if (run.status === 'paused') return { question, detail: `It is delivered as it is. ${run.reason}` };
  return {
    question,
    detail: `Gates that have not passed yet run first; then it is delivered and its session ends. ${branch}`,
  };
}

function pause(model: DashboardModel): void {
  const run = model.current?.run;
  if (!run) return;
  const [name, words] =
    run.status === 'paused' ? (['run.resume', 'goes on'] as const) : (['run.pause', 'is paused'] as const);
  void model
    .ask((client) => client.call(name, { run: run.id }))
    .then((done) => done && model.say(`${run.task} ${words}.`, 'good'));
}

function fork(model: DashboardModel): void {
  const run = model.current?.run;
  if (!run) return;
  model.set({
    dialog: {
      kind: 'confirm',
      question: `Fork the run of ${run.worker} on ${run.task}?`,
      detail: `The first idle worker of ${run.agent} goes on from here, as a task of its own. This run goes on too.`,
      yes: () =>
        void model
          .ask((client) => client.call('run.fork', { run: run.id }))
          .then((begun) => begun && model.say(`${begun.worker} goes on from there as ${begun.task}.`, 'good')),
    },
  });
}

function cancel(model: DashboardModel, hands: Hands): void {
  const pane = model.isInPanes ? model.selectedPane : null;
  if (pane && pane.endedAt !== null) {
    putAway(model, hands, [pane.id]);
    return;
  }
  if (pane && isShell(pane)) {
    const question = 'End this shell?';
    const detail = 'What runs in it ends too. The agent beside it and the worktree stay.';
    model.set({ dialog: { kind: 'confirm', question, detail, yes: () => hands.end(pane.id) } });
    return;
  }
  const run = model.current?.run;
  if (!run) return;
  model.set({
    dialog: {
      kind: 'confirm',
      question: `Cancel the run of ${run.worker} on ${run.task}?`,
      detail: 'The agent is ended. Its worktree, its branch and what it changed are kept.',
      yes: () =>
        void model
          .ask((client) => client.call('run.cancel', { run: run.id }))
          .then((ended) => ended && model.say(`Run ${run.id} is cancelled; its worktree is kept.`)),
    },
  });
}

function scrollBack(model: DashboardModel, hands: Hands, ids: readonly string[]): void {
  const pane = model.selectedPane;
  if (!pane) return;
  selectPane(model, pane.id);
  hands.scrollBack(pane.id, ids);
}

/** Whoever came from typing goes on typing behind what was pasted. */
function paste(model: DashboardModel, hands: Hands): void {
  const pane = model.selectedPane;
  if (!pane) return;
  if (pane.endedAt !== null) {
    model.say('This session has ended: nothing can be pasted into it.');
    return;
  }
  hands.paste(pane.id);
  selectPane(model, pane.id);
  model.set({ isTyping: true });
}

/** Opens the view; the same again leads back to the panes. */
function toggleView(model: DashboardModel, view: View): void {
  model.set({ showing: model.state.showing === view ? null : view, isFiltering: false });
}

/** Out of the filter, then out of the view; or out of the zoom, then to the list. */
function back(model: DashboardModel): void {
  const { showing, isZoomed } = model.state;
  if (showing && model.place.filter !== '') inList.showAll(model);
  else if (showing) model.set({ showing: null });
  else model.set(isZoomed ? { isZoomed: false } : { zone: 'list', message: null });
}

/** Out of the queue of those that wait, until the task stands otherwise; or back into it. */
function snooze(model: DashboardModel): void {
  const item = model.current;
  if (!item) return;
  const snoozed = new Map(model.state.snoozed);
  const isSnoozed = snoozed.get(snoozeKey(item)) === standingKey(item);
  if (isSnoozed) snoozed.delete(snoozeKey(item));
  else snoozed.set(snoozeKey(item), standingKey(item));
  model.set({ snoozed });
  model.say(`${item.task.id} ${isSnoozed ? 'is in the queue again.' : 'is put off until something changes there.'}`);
}

function zoom(model: DashboardModel): void {
  const pane = model.selectedPane;
  if (!pane) return;
  const isZoomed = model.state.showing !== null || !model.state.isZoomed;
  selectPane(model, pane.id);
  model.set({ isZoomed });
}

/** In a view a list goes a page up; a pane is taken into copy mode. */
function pageUp(model: DashboardModel, hands: Hands): void {
  if (model.state.showing) inList.page(model, -1);
  else scrollBack(model, hands, ['pageUp']);
}

export const actOn = {
  editInEditor,
  changePriority,
  step,
  clickLine,
  toggleView,
  back,
  snooze,
  zoom,
  pageUp,
  scrollBack,
  paste,
  move,
  selectPane,
  clickPane,
  clickTitle,
  clickRow,
  switchZone,
  open,
  nextAttention,
  toggleClosed,
  undo,
  redo,
  dispatchReady,
  approve,
  pause,
  fork,
  cancel,
};
