import { isShell } from '../../domain/shell.ts';
import { whyNotReady } from '../../domain/task.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';

// Why an action cannot be done now, or null.

export const needsTask = (model: DashboardModel) => (model.current ? null : 'no task is selected');
export const needsView = (model: DashboardModel) => (model.state.showing ? null : 'no view is open');

/** A view with lines, whatever its filter lets through. */
export const needsLines = (model: DashboardModel) =>
  needsView(model) ?? (model.listing?.total === 0 ? 'it has no lines yet' : null);

export function needsPane(model: DashboardModel): string | null {
  if (model.state.showing) return model.selectedPane ? null : 'it has no pane';
  return model.panes.length > 0 ? null : 'no session has a pane yet';
}

export function needsSelectable(model: DashboardModel): string | null {
  return model.state.showing || model.state.zone === 'list'
    ? null
    : 'a pane is selected: {pane.scroll} goes through its history';
}

export function needsSnoozable(model: DashboardModel): string | null {
  if (!model.current) return 'no task is selected';
  return model.current.phase === 'needs-you' ? null : 'it does not wait for you';
}

export function needsReady(model: DashboardModel): string | null {
  return model.items.some(({ phase }) => phase === 'ready') ? null : 'nothing is ready';
}

export const needsRun = (model: DashboardModel) => (model.current?.run ? null : 'no run of this task');

export function needsLiveRun(model: DashboardModel): string | null {
  const run = model.current?.run;
  if (!run) return 'no run of this task';
  return run.endedAt === null ? null : `its run has ended: ${run.status}`;
}

/** A pane may be ended or put away without a run. */
export function needsEnding(model: DashboardModel): string | null {
  const pane = model.isInPanes ? model.selectedPane : null;
  return pane && (pane.endedAt !== null || isShell(pane)) ? null : needsLiveRun(model);
}

const pausable: ReadonlySet<string> = new Set(['working', 'gating', 'fixing', 'reviewing']);

export function needsPausable(model: DashboardModel): string | null {
  const status = model.current?.run?.status;
  const isPausable = status !== undefined && (pausable.has(status) || status === 'paused');
  return isPausable ? null : `it is ${status}`;
}

export function needsDeliverable(model: DashboardModel): string | null {
  const run = model.current?.run;
  if (!run?.worktree) return 'no run of this task has begun';
  return run.endedAt !== null || run.status === 'awaiting' ? null : `it is ${run.status}: accept it first`;
}

export function needsForkable(model: DashboardModel): string | null {
  const run = model.current?.run;
  if (!run?.worktree) return 'no run of this task has begun';
  const worker = model.state.view?.workers.find(({ agent }) => agent === run.agent);
  return worker?.canFork ? null : `${run.agent} cannot begin with a copy of a conversation`;
}

export function needsDispatchable(model: DashboardModel): string | null {
  const item = model.current;
  if (!item) return 'no task is selected';
  const { run } = item;
  if (run?.status === 'queued') return `it is queued: ${run.reason}`;
  if (run?.endedAt === null) return `it is being worked on by ${run.worker}`;
  if (item.task.claimedAt !== undefined) return `it ${whyNotReady(item.task)}`;
  return item.task.status === 'closed' ? 'it is closed' : null;
}
