import { asForgeError } from '../../base/errors.ts';
import { hasAgentAtWork, type Run } from '../../domain/run.ts';
import type { SessionFacts, SessionState } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { HostLink } from './host-link.ts';

/** How long an agent without a `timeoutMs` may say that it works and give no sign of it before that is shown, in ms. */
export const noticeMs = 1_800_000;

/** A screen is read so many times in the time that may pass, and never more often than the second, in ms. */
const readsMax = 60;
const screenPauseMs = 1_000;
/** Rows that are remembered of one agent; more than these are new for certain. */
const rowsMax = 5_000;

interface Watched {
  /** When it last gave a sign, in ms since the epoch. */
  signAt: number;
  /** Words that its screen has shown since it began to be watched. */
  rows: Set<string>;
  /** Of the output whose screen was read last. */
  outputAt: number | null;
  readAt: number;
  records: unknown;
  diff: string;
}

export interface SilenceWatchOptions {
  context: OperationContext;
  host: Pick<HostLink, 'known' | 'screen'>;
  stateOf: (session: string) => SessionState | null;
  clock: Clock;
  log: (line: string) => void;
}

/**
 * Since when agents at work have given no sign of it, for `timeoutMs` or half an hour: nothing in their records, nothing changed
 * in the worktree, and no words on their screen that were not there before. A spinner turns, and a clock counts, for ever in
 * front of a request that nobody answers; so rows that an adapter knows as signs of work, and digits, are none.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** Its records said something. */
  heard(session: string): void {
    const watched = this.#watched.get(session);
    if (watched) watched.signAt = this.#options.clock();
  }

  /** When a session that has been silent for too long gave its last sign; null: it is not. */
  since(session: string): number | null {
    const { host, clock } = this.#options;
    const watched = this.#watched.get(session);
    const facts = watched && host.known().find(({ id }) => id === session);
    if (!watched || !facts || clock() - watched.signAt < this.#mayPass(facts)) return null;
    return watched.signAt;
  }

  look(): void {
    const { context, host } = this.#options;
    const working = context.store.runs.live().filter(({ status }) => hasAgentAtWork(status));
    const sessions = new Set(working.map(({ session }) => session));
    for (const id of this.#watched.keys()) if (!sessions.has(id)) this.#watched.delete(id);
    for (const run of working) {
      const facts = host.known().find(({ id }) => id === run.session);
      if (facts) this.#lookAt(run, facts);
    }
  }

  #lookAt(run: Run, facts: SessionFacts): void {
    const { context, clock } = this.#options;
    const now = clock();
    const records = context.store.words.get(facts.id);
    const diff = `${run.filesChanged} ${run.linesAdded} ${run.linesRemoved}`;
    const watched = this.#watched.get(facts.id);
    if (!watched || !this.#isToWork(facts)) {
      const rows = watched?.rows ?? new Set<string>();
      this.#watched.set(facts.id, { signAt: now, rows, outputAt: null, readAt: 0, records, diff });
      return;
    }
    if (watched.diff !== diff || JSON.stringify(watched.records) !== JSON.stringify(records)) watched.signAt = now;
    Object.assign(watched, { records, diff });
    const pauseMs = Math.max(screenPauseMs, this.#mayPass(facts) / readsMax);
    if (watched.outputAt !== facts.lastOutputAt && now - watched.readAt >= pauseMs) this.#read(watched, facts);
  }

  #read(watched: Watched, facts: SessionFacts): void {
    const { context, host, clock, log } = this.#options;
    Object.assign(watched, { outputAt: facts.lastOutputAt, readAt: clock() });
    const rules = context.agents.adapterOfOrNull(facts.labels.agent ?? '')?.screenRules ?? [];
    const atWork = rules.filter(({ state }) => state === 'busy').flatMap(({ lines }) => lines);
    host.screen(facts.id).then(
      (screen) => {
        const words = screen.filter((row) => !atWork.some((line) => line.test(row))).map(wordsOf);
        if (words.some((row) => !watched.rows.has(row))) watched.signAt = clock();
        if (watched.rows.size > rowsMax) watched.rows.clear();
        for (const row of words) watched.rows.add(row);
      },
      (failure: unknown) => log(`${facts.id}: its screen is not read: ${asForgeError(failure).message}`),
    );
  }

  /** It is at work, or it is a script of which nothing else can be known, and whose silence was given a bound. */
  #isToWork(facts: SessionFacts): boolean {
    const state = this.#options.stateOf(facts.id);
    if (state === 'busy' || state === 'starting') return true;
    const adapter = this.#options.context.agents.adapterOfOrNull(facts.labels.agent ?? '');
    return state === 'unknown' && adapter?.endsByItself === true && this.#timeoutOf(facts) !== undefined;
  }

  /** In ms. */
  #mayPass(facts: SessionFacts): number {
    return this.#timeoutOf(facts) ?? noticeMs;
  }

  #timeoutOf({ labels }: SessionFacts): number | undefined {
    return this.#options.context.settings.agents.find(({ name }) => name === labels.agent)?.timeoutMs;
  }
}

/** The letters of a row: not what counts or turns. */
function wordsOf(row: string): string {
  return row.match(/\p{L}+/gu)?.join(' ') ?? '';
}
