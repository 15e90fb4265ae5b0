import { asForgeError } from '../../base/errors.ts';
import { goOn } from '../../domain/prompt.ts';
import { hasAgentAtWork } from '../../domain/run.ts';
import type { SessionStatus } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { HostLink } from './host-link.ts';
import type { MessageControl } from './message-control.ts';

/** Programs that go on by themselves when their limit ends have so long to do it, in ms. */
const ownGoMs = 15_000;
/** Between two agents that are told, in ms: all at once they would meet the next limit together. */
const spacingMs = 10_000;

export interface LimitWatchOptions {
  context: Pick<OperationContext, 'settings' | 'store'>;
  host: Pick<HostLink, 'send'>;
  messages: Pick<MessageControl, 'send'>;
  statusOf: (session: string) => SessionStatus | null;
  clock: Clock;
  log: (line: string) => void;
}

/**
 * Tells agents to go on when the time is over until which their provider took no more: one after the other, each once, and none
 * that has gone on by itself or that a person has talked to. One that asks whether to try again is answered, and told nothing.
 */
export class LimitWatch {
  readonly #options: LimitWatchOptions;
  #lastAt = 0;
  /** Marks of the answers that were given, by session: of each the newest. */
  readonly #answered = new Map<string, string>();

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
    const status = statusOf(session);
    if (status?.retryKeys) {
      const { until } = status;
      return until != null && until + ownGoMs <= now && this.#answered.get(session) !== markOf(until);
    }
    const words = context.store.words.get(session);
    const limit = words?.limit;
    if (!limit?.until || limit.until + ownGoMs > now) return false;
    if (Math.max(words?.promptAt ?? 0, words?.answerAt ?? 0) > limit.at) return false;
    if (context.store.messages.list(session).some(({ createdAt }) => createdAt > limit.at)) return false;
    const state = status?.state;
    return state === 'idle' || state === 'done' || state === 'failed';
  }

  #tell(session: string): void {
    const { messages, log, statusOf } = this.#options;
    const status = statusOf(session);
    if (status?.retryKeys && status.until) {
      this.#answer(session, status.retryKeys, markOf(status.until));
      return;
    }
    log(`${session}: its limit is over, it is told to go on`);
    messages.send([session], goOn, []).catch((failure: unknown) => log(`${session}: ${asForgeError(failure).message}`));
  }

  /** A draft is no reason to wait: its input is behind the dialog. */
  #answer(session: string, keys: string, mark: string): void {
    const { host, log } = this.#options;
    log(`${session}: its limit is over, it is let try again`);
    this.#answered.set(session, mark);
    host
      .send(session, keys, { mark, yieldsToDraft: false })
      .catch((failure: unknown) => log(`${session}: ${asForgeError(failure).message}`));
  }
}

/** Each limit is answered once, also by a supervisor that is started again. */
function markOf(until: number): string {
  return `limit.${until}/retry`;
}
