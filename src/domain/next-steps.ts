import type { Run } from './run.ts';

type Named = Pick<Run, 'id' | 'task' | 'status' | 'session' | 'branch'>;

/** Commands that make sense for a run as it stands, the likeliest first. */
export function nextSteps({ id, task, status, session, branch }: Named): string[] {
  switch (status) {
    case 'queued':
      return [`forge cancel ${id}`];
    case 'paused':
      return [`forge run diff ${id}`, `forge resume ${id}`, `forge approve ${id}`, `forge cancel ${id}`];
    case 'reviewing':
      return [`forge run diff ${id}`, `forge approve ${id}`, `forge session send ${session} "…"`, `forge cancel ${id}`];
    case 'awaiting':
      return [...(branch === null ? [] : [`git merge ${branch}`]), `forge approve ${id}`];
    case 'failed':
    case 'cancelled':
      return [`forge run show ${id}`, `forge dispatch ${task}`];
    case 'done':
      return [];
    default:
      return [`forge session attach ${session}`, `forge cancel ${id}`];
  }
}
