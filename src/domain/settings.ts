import type { AgentDefinition } from './agent.ts';
import type { Background } from './background.ts';
import type { BudgetLimits } from './budget.ts';
import type { KeepBounds } from './checkpoint.ts';
import type { DeliveryKind, Gate, Review } from './completion.ts';
import type { DeliverTo, DeliveryTemplates } from './delivery.ts';
import type { OwnPrices } from './prices.ts';
import type { RunLimits } from './run-limits.ts';
import type { TranscriptBounds } from './session.ts';
import type { StuckStep } from './stuck.ts';
import type { Worker } from './worker.ts';

/** What is in force for one project, after every source was read. */
export interface Settings {
  /** How `.forge/` lives in the repository: tracked, unseen, or unseen with its data on a branch of its own. */
  mode: 'standard' | 'stealth' | 'branch';
  /** In the mode `branch`, its name. */
  dataBranch: string | null;
  prefix: string;
  /** `env` still holds `${VAR}`: it is expanded at launch, so that a missing variable is that launch's problem. */
  agents: AgentDefinition[];
  workers: Worker[];
  /** Runs at once: in the project, and of one agent by its name. */
  limits: {
    total: number;
    perAgent: Record<string, number>;
    /** Runs at once over all projects; null: any number. */
    allProjects: number | null;
    /** How long after one run another begins. */
    startGapMs: number;
    /** An agent whose provider took no more until some time is told to go on then. */
    goOn: boolean;
  };
  runLimits: RunLimits;
  /** What is done about an agent that does the same again and again, one step after the other. */
  stuck: { steps: StuckStep[] };
  budget: BudgetLimits;
  /** The person's own prices; they win over the table of Forge. */
  prices: OwnPrices;
  worktrees: {
    setup: string[];
    teardown: string[];
    copy: string[];
    /** `head`, `remote`, or a branch. */
    base: string;
    /** How many are made ahead. */
    pool: number;
    ports: { base: number; perWorktree: number };
  };
  /** How long checkpoints and kept work stay. */
  keep: KeepBounds & {
    /** How long what is left of a run that ended well stays, in days; null: for ever. */
    runDays: number | null;
  };
  /** What must pass before work is delivered, whether a person looks at it then, and how it is delivered. */
  gates: readonly Gate[];
  review: Review;
  delivery: DeliveryKind;
  deliverTo: DeliverTo;
  deliveryTemplates: DeliveryTemplates;
  /** The program that speaks for the code host, with its arguments; empty: none. */
  codeHost: { command: string[] };
  /** Bounds of the recordings of sessions; null: they are not recorded. */
  transcript: TranscriptBounds | null;
  /** What programs in panes are told of it; null: not known. */
  background: Background | null;
  /** Name of the key that comes back from typing, as `ctrl+q`. */
  leader: string;
}

/** A git repository that Forge knows. */
export interface Project {
  name: string;
  /** Absolute path of the main checkout. */
  root: string;
}
