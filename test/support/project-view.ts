import type { ProjectView } from '../../src/app/views/project-view.ts';
import { noCost } from '../../src/domain/cost.ts';
import type { Run } from '../../src/domain/run.ts';
import type { SessionState, SessionView } from '../../src/domain/session.ts';
import type { TaskView } from '../../src/domain/task.ts';
import type { WorkerView } from '../../src/domain/worker.ts';

/** What a dashboard is told of a project, piece by piece: for tests of what it shows. */
export function task(id: string, title: string, more: Partial<TaskView> = {}): TaskView {
  return {
    id,
    title,
    body: '',
    status: 'open',
    priority: 2,
    labels: [],
    dependsOn: [],
    parent: null,
    createdAt: 1,
    updatedAt: 1,
    closedAt: null,
    blockedBy: [],
    isReady: true,
    ...more,
  };
}

export function run(taskId: string, worker: string, more: Partial<Run> = {}): Run {
  return {
    id: `${taskId}-1`,
    task: taskId,
    worker,
    agent: 'claude',
    group: null,
    groupMax: null,
    status: 'working',
    reason: '',
    worktree: '/w',
    branch: 'b',
    base: 'c',
    session: `${taskId}-1.abcd`,
    conversation: null,
    createdAt: 1,
    startedAt: 1,
    endedAt: null,
    filesChanged: 0,
    linesAdded: 0,
    linesRemoved: 0,
    ...more,
  };
}

export function session(taskId: string, worker: string, state: SessionState, reason = ''): SessionView {
  return {
    id: `${taskId}-1.abcd`,
    labels: { run: `${taskId}-1`, task: taskId, worker, project: '/p' },
    command: ['claude'],
    cwd: '/w',
    pid: 1,
    cols: 80,
    rows: 24,
    startedAt: 1,
    lastOutputAt: 1,
    lastInputAt: null,
    bellAt: null,
    title: '',
    program: null,
    endedAt: null,
    exitCode: null,
    signal: null,
    isLost: false,
    status: { state, reason, evidence: 'a test', since: 1 },
  };
}

export function worker(name: string, runId: string | null): WorkerView {
  return { name, agent: 'claude', mode: 'coder', run: runId, problem: null, canFork: true, variables: [] };
}

export function projectView(view: Partial<ProjectView>): ProjectView {
  return {
    project: { name: 'shop', root: '/p', mode: 'stealth' },
    workers: [],
    tasks: [],
    openTasks: (view.tasks ?? []).filter(({ status }) => status === 'open').length,
    undo: null,
    redo: null,
    runs: [],
    sessions: [],
    batches: [],
    costs: { today: noCost, total: noCost, runs: {} },
    messages: [],
    gates: {},
    radar: { overlaps: [], order: [] },
    problems: [],
    ...view,
  };
}
