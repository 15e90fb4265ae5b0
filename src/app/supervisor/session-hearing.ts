import type { AgentReport } from '../../domain/agent-report.ts';
import { isCutOff } from '../../domain/end-status.ts';
import { isRunEnded, type Run, type RunEvent } from '../../domain/run.ts';
import type { SessionFacts, SessionStatus } from '../../domain/session.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';
import type { OperationContext } from '../context.ts';
import { type AgentEvent, eventOfFacts, eventOfReport } from './agent-events.ts';
import type { HostLink } from './host-link.ts';

export interface SessionHearingOptions {
  context: Pick<OperationContext, 'project' | 'store'>;
  host: Pick<HostLink, 'known'>;
  statusOf: (session: string) => SessionStatus | null;
  /** Whether the run knows already that its program has started. */
  isStarted: (run: string) => boolean;
  onEvent: (run: string, event: RunMachineEvent, note?: Record<string, unknown>) => void;
  /** A session of a run that has ended was seen; `isNewer`: it was started after that end. */
  onAfterEnd: (run: Run, isNewer: boolean) => void;
}

/**
 * What hosts and records say of sessions, as events of the runs that they are of: each once, also when the supervisor was away. What
 * is said of an earlier session of a run, or of another project, changes nothing.
 */
export class SessionHearing {
  readonly #options: SessionHearingOptions;

  constructor(options: SessionHearingOptions) {
    this.#options = options;
  }

  /** Facts of the host. */
  observe(facts: SessionFacts): void {
    const { isStarted, onEvent, onAfterEnd } = this.#options;
    const run = this.#runOf(facts);
    if (!run) return;
    if (isRunEnded(run.status)) {
      onAfterEnd(run, facts.startedAt > (run.endedAt ?? 0));
      return;
    }
    if (facts.pid !== null && !isStarted(run.id)) onEvent(run.id, { type: 'session.started', pid: facts.pid });
    this.#hearProgram(run, facts);
    if (facts.endedAt === null) return;
    if (facts.isLost) onEvent(run.id, { type: 'session.lost' });
    else this.#observeExit(run, facts);
  }

  /** The records of an agent that says nothing of itself in its terminal. */
  hear(session: string, report: AgentReport): void {
    const facts = this.#options.host.known().find(({ id }) => id === session);
    const run = facts?.program === null ? this.#runOf(facts) : null;
    if (!facts || !run || isRunEnded(run.status)) return;
    this.#hearProgram(run, facts);
    this.#say(run, eventOfReport(report));
  }

  /** Once: a run whose end nobody saw goes on until a person decides, and is made true again meanwhile. */
  #observeExit(run: Run, facts: SessionFacts): void {
    const { context, onEvent } = this.#options;
    if (hasExit(context.store.runs.events(run.id))) return;
    const { exitCode, signal, startedAt } = facts;
    const hasBegun = (context.store.words.get(run.session)?.promptAt ?? 0) >= startedAt;
    const cut = isCutOff(facts, hasBegun) ? { isCutOff: true } : {};
    onEvent(run.id, { type: 'session.exited', exitCode, signal, ...cut });
  }

  #hearProgram(run: Run, facts: SessionFacts): void {
    this.#say(
      run,
      eventOfFacts(facts, () => this.#options.statusOf(run.session)),
    );
  }

  /** What an agent says of itself becomes an event once, also when the supervisor was away meanwhile. */
  #say(run: Run, said: AgentEvent | null): void {
    if (said === null) return;
    const { context, onEvent } = this.#options;
    const last = context.store.runs.events(run.id).findLast(({ type }) => type.startsWith('agent.'));
    if (last && Number(last.payload.saidAt) >= said.at) return;
    const promptAt = context.store.words.get(run.session)?.promptAt;
    onEvent(run.id, said.event, { saidAt: said.at, ...(promptAt ? { promptAt } : {}) });
  }

  #runOf(facts: SessionFacts): Run | null {
    const { project, store } = this.#options.context;
    const { run: id, project: root } = facts.labels;
    if (id === undefined || root !== project.root) return null;
    const run = store.runs.find(id);
    return run?.session === facts.id ? run : null;
  }
}

/** Whether the end of the present session is in the history. */
function hasExit(events: readonly RunEvent[]): boolean {
  const begun = events.findLastIndex(({ payload }) => typeof payload.session === 'string');
  return events.findLastIndex(({ type }) => type === 'session.exited') > begun;
}
