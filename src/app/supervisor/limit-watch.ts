import { asForgeError } from '../../base/errors.ts';
import { goOn } from '../../domain/prompt.ts';
import { hasAgentAtWork } from '../../domain/run.ts';
import type { SessionStatus } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { MessageControl } from './message-control.ts';

/** Programs that go on by themselves when their limit ends have so long to do it, in ms. */
const ownGoMs = 15_000;
/** Between two agents that are told, in ms: all at once they would meet the next limit together. */
const spacingMs = 10_000;

export interface LimitWatchOptions {
  context: Pick<OperationContext, 'settings' | 'store'>;
  messages: Pick<MessageControl, 'send'>;
  statusOf: (session: string) => SessionStatus | null;
  clock: Clock;
  log: (line: string) => void;
}

/**
 * Tells agents to go on when the time is over until which their provider took no more: one after the other, each once, and none
 * that has gone on by itself or that a person has talked to.
 */
export class LimitWatch {
  readonly #options: LimitWatchOptions;
  #lastAt = 0;

  constructor(options: LimitWatchOptions) {
    this.#options = options;
  }

  look(): void {
    const { context, clock } = this.#options;
    const now = clock();
    if (!context.settings.limits.goOn || now - this.#lastAt < spacingMs) return;
    const due = context.store.runs.live().find((run) => hasAgentAtWork(run.status) && this.#isDue(run.session, now));
    if (!due) return;
    this.#lastAt = now;
    this.#tell(due.session);
  }

  #isDue(session: string, now: number): boolean {
    const { context, statusOf } = this.#options;
    const words = context.store.words.get(session);
    const limit = words?.limit;
    if (!limit?.until || limit.until + ownGoMs > now) return false;
    if (Math.max(words?.promptAt ?? 0, words?.answerAt ?? 0) > limit.at) return false;
    if (context.store.messages.list(session).some(({ createdAt }) => createdAt > limit.at)) return false;
    const state = statusOf(session)?.state;
    return state === 'idle' || state === 'done' || state === 'failed';
  }

  #tell(session: string): void {
    const { messages, log } = this.#options;
    log(`${session}: its limit is over, it is told to go on`);
    messages.send([session], goOn, []).catch((failure: unknown) => log(`${session}: ${asForgeError(failure).message}`));
  }
}
