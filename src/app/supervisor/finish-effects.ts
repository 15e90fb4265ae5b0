import { asForgeError, ForgeError } from '../../base/errors.ts';
import { refOf } from '../../domain/checkpoint.ts';
import { fixPrompt } from '../../domain/prompt.ts';
import type { Run } from '../../domain/run.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { RunStep } from '../../machines/run-step.ts';
import type { OperationContext } from '../context.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import { complaintOf } from './fix-words.ts';
import type { HostLink } from './host-link.ts';
import type { RunEffects } from './run-effects.ts';

export interface FinishEffectsOptions {
  context: OperationContext;
  host: HostLink;
  checkpoints: CheckpointControl;
  work: RunEffects;
  /** Queues a prompt for a live session. */
  say: (session: string, text: string) => Promise<void>;
  onEvent: (run: string, event: RunMachineEvent) => void;
}

/** Who says to an agent what it is to mend, in the list of prompts. */
export const gateActor = 'gates';

/** What follows a gate that failed, or work that does not merge: the agent is told, or the work is taken back. */
export class FinishEffects {
  readonly #options: FinishEffectsOptions;

  constructor(options: FinishEffectsOptions) {
    this.#options = options;
  }

  /** The agent is told what is wrong: as a prompt, once, or as the first words of a session that goes on. */
  async fix(run: Run, step: RunStep): Promise<void> {
    const { context, host, work, say } = this.#options;
    const { store } = context;
    const complaint = complaintOf(store.runs.events(run.id));
    const facts = (await host.reached()).find(({ id }) => id === run.session);
    if (!complaint || facts?.endedAt !== null || complaint.session === run.session) return work.session(run, step);
    const { at, words } = complaint;
    const isSaid = store.messages
      .list(run.session)
      .some(({ actor, createdAt }) => actor === gateActor && createdAt >= at);
    if (!isSaid) await say(run.session, fixPrompt(words));
  }

  async rewound(run: Run): Promise<void> {
    const { context, checkpoints, onEvent } = this.#options;
    const failedAt = context.store.runs.events(run.id).findLast(({ type }) => type === 'gates.failed')?.at ?? 0;
    const said = `${run.reason} Its output went back to the agent as often as it may.`;
    const outcome = await checkpoints
      .rewind(run, null, gateActor, failedAt)
      .catch((failure: unknown) => asForgeError(failure));
    if (outcome instanceof ForgeError) {
      // Nothing was lost and nothing was taken back: a person is asked.
      return onEvent(run.id, { type: 'run.rewound', checkpoint: 0, kept: '', reason: `${said} ${outcome.sentence}` });
    }
    const { number } = outcome.to;
    const kept = outcome.kept ? refOf(outcome.kept) : '';
    const reason = `${said} The worktree is as it was at checkpoint ${number}; what was there is kept.`;
    onEvent(run.id, { type: 'run.rewound', checkpoint: number, kept, reason });
  }
}
