/** A task, with the name of the project that it is of. */
export interface BatchMember {
  project: string;
  task: string;
}

/** A named set of tasks of any project that are tracked together. A task is in one batch at most. */
export interface Batch {
  name: string;
  /** Ms since the epoch. */
  createdAt: number;
  /** In the order in which they were added. */
  tasks: BatchMember[];
}

/** The names of the projects that it reaches over. */
export function projectsOf(batches: readonly Batch[]): string[] {
  return [...new Set(batches.flatMap(({ tasks }) => tasks.map(({ project }) => project)))];
}
