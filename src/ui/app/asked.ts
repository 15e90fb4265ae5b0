import type { OutputOf } from '../../app/operations.ts';

/** What views ask for beside the project's view; null until it has come. */
export interface Asked {
  batches: OutputOf<'batch.list'> | null;
  costs: AskedCosts | null;
  /** The newest lines of Forge's own logs, oldest first. */
  logs: readonly LogLine[] | null;
}

export interface AskedCosts {
  days: OutputOf<'cost.list'>['rows'];
  agents: OutputOf<'cost.list'>['rows'];
  tasks: OutputOf<'cost.list'>['rows'];
  budgets: OutputOf<'budget.list'>;
}

export interface LogLine {
  /** Counts up, over all logs. */
  number: number;
  /** `supervisor`, `session-host`. */
  from: string;
  /** In ms since the epoch; 0: not known. */
  at: number;
  text: string;
}

export const nothingAsked: Asked = { batches: null, costs: null, logs: null };
