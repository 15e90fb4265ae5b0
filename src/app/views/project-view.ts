import type { Batch } from '../../domain/batch.ts';
import type { Cost } from '../../domain/cost.ts';
import type { Message } from '../../domain/message.ts';
import type { RadarView } from '../../domain/overlap.ts';
import type { Run } from '../../domain/run.ts';
import type { SessionView } from '../../domain/session.ts';
import type { Project, Settings } from '../../domain/settings.ts';
import type { TaskView } from '../../domain/task.ts';
import type { WorkerView } from '../../domain/worker.ts';
import type { RunningGate } from '../../ports/gates.ts';

/** What the project has spent. */
export interface ProjectCosts {
  /** Since midnight in the person's time zone. */
  today: Cost;
  total: Cost;
  /** By the id of the run; those whose agent told no tokens are left out. */
  runs: Record<string, Cost>;
}

/** All that a face shows of a project. Each key is a slice that is sent again, whole, when it changed. */
export interface ProjectView {
  project: Project & { mode: Settings['mode'] };
  workers: WorkerView[];
  /** The most urgent open tasks, those closed last, and those of the newest runs; in no order. */
  tasks: TaskView[];
  /** How many open tasks there are, also those that are not among `tasks`. */
  openTasks: number;
  /** What you did to tasks last, in words; null: nothing that could be taken back. */
  undo: string | null;
  /** What of that you took back last, and did nothing since; null: nothing. */
  redo: string | null;
  /** Every run, in no order. */
  runs: Run[];
  sessions: SessionView[];
  /** Those of all projects. */
  batches: Batch[];
  costs: ProjectCosts;
  /** Prompts that are on their way, and the newest of each session; their texts cut. */
  messages: Message[];
  /** Gates that run now, by the id of the run. */
  gates: Record<string, RunningGate[]>;
  /** Where works touch the same files. */
  radar: RadarView;
  /** Standing problems that a person should know: a setting that cannot be read, a line of `tasks.jsonl`, a budget. */
  problems: string[];
}
