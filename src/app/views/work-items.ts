import { clockTime } from '../../base/age.ts';
import { hasAgentAtWork, isRunEnded, type Run } from '../../domain/run.ts';
import type { SessionView } from '../../domain/session.ts';
import { type TaskView, whyNotReady } from '../../domain/task.ts';
import { byUrgency } from '../../domain/task-graph.ts';
import type { WorkerView } from '../../domain/worker.ts';
import type { ProjectView } from './project-view.ts';

/** Where a task stands, as one look should tell it. The order is the order of the list: what needs a person is on top. */
export const phases = ['needs-you', 'working', 'queued', 'awaiting', 'ready', 'blocked', 'closed'] as const;
export type Phase = (typeof phases)[number];

/** A task with its newest run and the session of that run. */
export interface WorkItem {
  task: TaskView;
  phase: Phase;
  /** Why it needs somebody, or what it waits for. */
  note: string;
  run: Run | null;
  session: SessionView | null;
}

export interface WorkerItem<Item extends WorkItem> {
  worker: WorkerView;
  item: Item | null;
}

export function workItems(view: Pick<ProjectView, 'tasks' | 'runs' | 'sessions'>): WorkItem[] {
  const newestRun = new Map<string, Run>();
  for (const run of view.runs) {
    const known = newestRun.get(run.task);
    if (!known || run.createdAt >= known.createdAt) newestRun.set(run.task, run);
  }
  const sessions = new Map(view.sessions.map((session) => [session.id, session]));
  const items = view.tasks.map((task) => {
    const run = newestRun.get(task.id) ?? null;
    const session = (run && sessions.get(run.session)) ?? null;
    return { task, run, session, ...standing(task, run, session) };
  });
  return items.sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase) || byRecency(a, b));
}

export function workerItems<Item extends WorkItem>(view: ProjectView, items: readonly Item[]): WorkerItem<Item>[] {
  return view.workers.map((worker) => ({ worker, item: items.find((item) => item.run?.id === worker.run) ?? null }));
}

function standing(task: TaskView, run: Run | null, session: SessionView | null): Pick<WorkItem, 'phase' | 'note'> {
  if (run && !isRunEnded(run.status)) return liveStanding(run, session);
  if (task.status === 'closed') return { phase: 'closed', note: '' };
  if (run?.status === 'failed') return { phase: 'needs-you', note: `failed: ${run.reason}` };
  if (!task.isReady) return { phase: 'blocked', note: whyNotReady(task) };
  return { phase: 'ready', note: run?.status === 'cancelled' ? 'was cancelled' : '' };
}

function liveStanding(run: Run, session: SessionView | null): Pick<WorkItem, 'phase' | 'note'> {
  if (run.status === 'paused') return { phase: 'needs-you', note: `paused, p goes on: ${run.reason}` };
  if (run.status === 'reviewing') return { phase: 'needs-you', note: 'complete: look and accept, or say more' };
  if (run.status === 'queued') return { phase: 'queued', note: run.reason || 'queued' };
  if (run.status === 'awaiting') return { phase: 'awaiting', note: run.reason };
  if (!hasAgentAtWork(run.status) || !session) return { phase: 'working', note: run.status };
  const { state, reason, until } = session.status;
  if (state === 'waiting') return { phase: 'needs-you', note: reason || 'waits for you' };
  if (state === 'done') return { phase: 'needs-you', note: 'finished: look and accept' };
  if (state === 'idle') return { phase: 'needs-you', note: 'idle: say more, or accept' };
  if (state === 'limited') {
    const time = until == null ? 'for now' : `until ${clockTime(until)}`;
    return { phase: 'needs-you', note: `its provider takes no more ${time}${reason && `: ${reason}`}` };
  }
  if (state === 'failed') return { phase: 'needs-you', note: `agent failed: ${reason}` };
  if (session.silentSince)
    return { phase: 'needs-you', note: `no sign of work since ${clockTime(session.silentSince)}` };
  return { phase: 'working', note: run.status === 'fixing' ? `mends: ${run.reason}` : state };
}

/** Closed tasks newest first, all others by urgency. */
function byRecency(a: WorkItem, b: WorkItem): number {
  if (a.phase === 'closed') return (b.task.closedAt ?? 0) - (a.task.closedAt ?? 0);
  return byUrgency(a.task, b.task);
}
