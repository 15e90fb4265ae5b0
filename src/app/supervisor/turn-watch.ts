import type { AgentReport } from '../../domain/agent-report.ts';
import type { SessionFacts, SessionState, SessionStatus } from '../../domain/session.ts';
import type { CheckpointControl } from './checkpoint-control.ts';

/** An agent at work again after one of these has begun a turn; after it asked something, it goes on with one. */
const atRest: ReadonlySet<SessionState> = new Set(['idle', 'done', 'limited', 'failed']);

export interface TurnWatchOptions {
  checkpoints: Pick<CheckpointControl, 'before'>;
  statusOf: (session: string) => SessionStatus | null;
}

/**
 * A checkpoint for the turns that a person begins by typing into the pane: as soon as the agent says, in its terminal or its records,
 * that it has taken a prompt. Before the prompts of Forge itself one is made already, and nothing has changed since.
 */
export class TurnWatch {
  readonly #options: TurnWatchOptions;
  readonly #states = new Map<string, SessionState>();

  constructor(options: TurnWatchOptions) {
    this.#options = options;
  }

  observe({ id, endedAt, labels }: SessionFacts): void {
    const state = endedAt === null ? this.#options.statusOf(id)?.state : undefined;
    const before = this.#states.get(id);
    if (state === undefined) this.#states.delete(id);
    else this.#states.set(id, state);
    if (state === 'busy' && before !== undefined && atRest.has(before)) this.#begun(labels.run);
  }

  /** Records are read again after a restart: what is older than that is no turn that begins. */
  hear(run: string | undefined, report: AgentReport, since: number): void {
    if (report.type === 'prompt' && report.at >= since) this.#begun(run);
  }

  #begun(run: string | undefined): void {
    if (run !== undefined) void this.#options.checkpoints.before(run, 'a prompt at its pane');
  }
}
