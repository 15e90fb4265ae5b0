/** A named set of tasks that are tracked together. A task is in one batch at most. */
export interface Batch {
  name: string;
  /** Ms since the epoch. */
  createdAt: number;
  /** Ids, in the order in which they were added. */
  tasks: string[];
}
