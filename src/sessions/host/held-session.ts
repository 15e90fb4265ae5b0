import type { SessionFacts } from '../../domain/session.ts';
import type { HostSession } from './host-session.ts';
import type { SessionRecord } from './registry.ts';

/** What a later host must know of a session is recorded this long after it changed, in ms. */
const recordPauseMs = 500;

/** A session of this host with its record on disk, by which the next host goes on with it. */
export class HeldSession {
  readonly session: HostSession;
  readonly #write: (record: SessionRecord, isDurable: boolean) => void;
  #record: SessionRecord;
  #timer: NodeJS.Timeout | null = null;

  /** `record`: as it is on disk. */
  constructor(session: HostSession, record: SessionRecord, write: (record: SessionRecord, isDurable: boolean) => void) {
    this.session = session;
    this.#record = record;
    this.#write = write;
  }

  /** Records what changed: an end at once, the rest soon. */
  follow(changed: SessionFacts): void {
    if (changed.endedAt !== null) this.recordNow();
    else if (isNews(this.#record.facts, changed))
      this.#timer ??= setTimeout(() => this.recordNow(false), recordPauseMs);
  }

  recordNow(isDurable = true): void {
    this.stop();
    this.#record = { ...this.#record, facts: this.session.facts };
    this.#write(this.#record, isDurable);
  }

  /** Nothing is recorded later. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** What a later host cannot learn again from the program itself. */
function isNews(recorded: SessionFacts, facts: SessionFacts): boolean {
  const names = ['cols', 'rows', 'program', 'isDrafting', 'marked'] as const;
  return names.some((name) => recorded[name] !== facts[name]);
}
