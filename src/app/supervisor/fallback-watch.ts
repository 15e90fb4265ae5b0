import { type Trouble, troubleOf } from '../../domain/fallback.ts';
import { hasAgentAtWork, type Run } from '../../domain/run.ts';
import type { SessionFacts, SessionStatus } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { RunControl } from './run-control.ts';

/** By these a run begins, or goes on: what an agent said before is over. */
const beginnings = ['session.started', 'run.resumed', 'run.fellBack'];

export interface FallbackWatchOptions {
  context: Pick<OperationContext, 'settings' | 'store'>;
  runs: Pick<RunControl, 'fallBack'>;
  factsOf: (session: string) => SessionFacts | null;
  statusOf: (session: string) => SessionStatus | null;
  silentSince: (session: string) => number | null;
  clock: Clock;
}

/** Looks whether agents that are alive can go on; what they cannot, another does, if the settings name one. */
export class FallbackWatch {
  readonly #options: FallbackWatchOptions;
  /** Silences that were noted, by session and when they began: each once. */
  readonly #noted = new Map<string, number>();

  constructor(options: FallbackWatchOptions) {
    this.#options = options;
  }

  look(): void {
    const { context, runs } = this.#options;
    for (const run of context.store.runs.live()) {
      const trouble = hasAgentAtWork(run.status) ? this.#troubleOf(run) : null;
      if (trouble === null) continue;
      const isOver = this.#mayFallBack(run, trouble) && runs.fallBack(run.id, trouble);
      if (!isOver && trouble.cause === 'timeout') this.#note(run, trouble);
    }
  }

  #troubleOf(run: Run): Trouble | null {
    const { context, factsOf, statusOf, silentSince, clock } = this.#options;
    const definition = context.settings.agents.find(({ name }) => name === run.agent);
    const facts = factsOf(run.session);
    const status = statusOf(run.session);
    if (!definition || !facts || facts.endedAt !== null || !status) return null;
    const began = context.store.runs.events(run.id).findLast(({ type }) => beginnings.includes(type));
    const scene = { definition, facts, status, silentSince: silentSince(run.session), sinceAt: began?.at ?? 0 };
    return troubleOf({ ...scene, now: clock() });
  }

  /** A silence for which nobody set a bound is shown, and nothing is done about it. */
  #mayFallBack({ agent }: Run, { cause }: Trouble): boolean {
    const { agents } = this.#options.context.settings;
    return cause !== 'timeout' || agents.find(({ name }) => name === agent)?.timeoutMs !== undefined;
  }

  /** Nobody takes over: the history says it, once for each silence. */
  #note({ id, session }: Run, { reason }: Trouble): void {
    const since = this.#options.silentSince(session);
    if (since === null || this.#noted.get(session) === since) return;
    this.#noted.set(session, since);
    this.#options.context.store.runs.note(id, { type: 'run.silent', reason });
  }
}
