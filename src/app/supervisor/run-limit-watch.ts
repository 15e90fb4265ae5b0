import { hasAgentAtWork, type Run } from '../../domain/run.ts';
import { usedUp } from '../../domain/run-limits.ts';
import type { SessionStatus } from '../../domain/session.ts';
import { workedMs } from '../../domain/work-time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { RunControl } from './run-control.ts';

/** Who pauses a run, in its history. */
const by = 'limits';

export interface RunLimitWatchOptions {
  context: Pick<OperationContext, 'settings' | 'store'>;
  runs: Pick<RunControl, 'pause'>;
  statusOf: (session: string) => SessionStatus | null;
  clock: Clock;
}

/** Pauses runs that go beyond what one may use. Who rests uses nothing: a chat that has answered is left alone. */
export class RunLimitWatch {
  readonly #options: RunLimitWatchOptions;

  constructor(options: RunLimitWatchOptions) {
    this.#options = options;
  }

  look(): void {
    const { context, statusOf } = this.#options;
    if (Object.values(context.settings.runLimits).every((limit) => limit === null)) return;
    for (const run of context.store.runs.live()) {
      const status = hasAgentAtWork(run.status) ? statusOf(run.session) : null;
      if (status?.state === 'busy' || status?.state === 'unknown') this.#lookAt(run, status);
    }
  }

  #lookAt(run: Run, status: SessionStatus): void {
    const { context, runs, clock } = this.#options;
    const events = context.store.runs.events(run.id);
    const begun = events.findLastIndex(({ type }) => type === 'run.resumed');
    const since = events[begun]?.at ?? run.startedAt ?? run.createdAt;
    const { calls, tokens } = context.store.usage.since(run.id, since);
    const isKnown = status.state === 'busy';
    const ms = workedMs(events.slice(Math.max(0, begun)), clock(), isKnown ? status.since : null);
    const reason = usedUp(context.settings.runLimits, { ms, turns: calls, tokens });
    if (reason !== null) runs.pause(run.id, reason, by);
  }
}
