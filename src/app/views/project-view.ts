import type { Message } from '../../domain/message.ts';
import type { Run } from '../../domain/run.ts';
import type { SessionView } from '../../domain/session.ts';
import type { Project, Settings } from '../../domain/settings.ts';
import type { TaskView } from '../../domain/task.ts';
import type { WorkerView } from '../../domain/worker.ts';

/** All that a face shows of a project. Each key is a slice that is sent again, whole, when it changed. */
export interface ProjectView {
  project: Project & { mode: Settings['mode'] };
  workers: WorkerView[];
  /** Every task, in no order. */
  tasks: TaskView[];
  /** Every run, in no order. */
  runs: Run[];
  sessions: SessionView[];
  /** Prompts that are on their way, and the newest of each session; their texts cut. */
  messages: Message[];
  /** Standing problems that a person should know: a setting that cannot be read, a line of `tasks.jsonl`. */
  problems: string[];
}
