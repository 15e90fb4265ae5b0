import type { Run, RunStatus } from '../domain/run.ts';

/** A row of the table `runs`. */
export interface RunRow {
  id: string;
  task: string;
  worker: string;
  agent: string;
  status: RunStatus;
  reason: string;
  worktree: string | null;
  branch: string | null;
  base: string | null;
  session: string;
  conversation: string | null;
  queue_group: string | null;
  group_max: number | null;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  files_changed: number;
  lines_added: number;
  lines_removed: number;
}

export function runFromRow(row: RunRow): Run {
  return {
    id: row.id,
    task: row.task,
    worker: row.worker,
    agent: row.agent,
    status: row.status,
    group: row.queue_group,
    groupMax: row.group_max,
    reason: row.reason,
    worktree: row.worktree,
    branch: row.branch,
    base: row.base,
    session: row.session,
    conversation: row.conversation,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    filesChanged: row.files_changed,
    linesAdded: row.lines_added,
    linesRemoved: row.lines_removed,
  };
}
