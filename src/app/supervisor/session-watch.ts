import type { SessionFacts, SessionStatus, SessionView } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OperationContext } from '../context.ts';
import type { HostLink } from './host-link.ts';
import { needsScreen, viewSession } from './session-views.ts';

/** A screen is read again at most this often, in ms, and only for an agent whose adapter has rules for it. */
const screenPauseMs = 250;

interface ReadScreen {
  /** Null: none has been read yet. */
  lines: string[] | null;
  readAt: number;
  /** Of the output that it shows; undefined: it could not be read. */
  outputAt: number | null | undefined;
}

/** What the sessions of one project are doing, derived from the host's facts whenever it is asked. */
export class SessionWatch {
  readonly #context: OperationContext;
  readonly #host: HostLink;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #screens = new Map<string, ReadScreen>();

  /** Each session's facts but for those times, as they were heard last. */
  readonly #told = new Map<string, string>();

  constructor(context: OperationContext, host: HostLink, clock: Clock, onChange: () => void) {
    this.#context = context;
    this.#host = host;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  views(): SessionView[] {
    const own = this.#host.known().filter((facts) => facts.labels.project === this.#context.project.root);
    this.#forget(new Set(own.map((facts) => facts.id)));
    return own.map((facts) => this.#view(facts));
  }

  /** Null: the session is not known to the host. */
  statusOf(session: string): SessionStatus | null {
    const facts = this.#host.known().find(({ id }) => id === session);
    return facts ? this.#view(facts).status : null;
  }

  /** More than another time of output or input. */
  isNews(facts: SessionFacts): boolean {
    const told = JSON.stringify({ ...facts, lastOutputAt: null, lastInputAt: null });
    if (this.#told.get(facts.id) === told) return false;
    this.#told.set(facts.id, told);
    return true;
  }

  #view(facts: SessionFacts): SessionView {
    const { agents, store } = this.#context;
    const adapter = agents.adapterOfOrNull(facts.labels.agent ?? '');
    if (adapter && needsScreen(facts, adapter)) this.#readScreen(facts);
    const screen = this.#screens.get(facts.id)?.lines ?? null;
    return viewSession(facts, adapter, screen, store.words.get(facts.id), this.#clock());
  }

  #readScreen(facts: SessionFacts): void {
    const last = this.#screens.get(facts.id);
    const now = this.#clock();
    if (last && (last.outputAt === facts.lastOutputAt || now - last.readAt < screenPauseMs)) return;
    const entry: ReadScreen = { lines: last?.lines ?? null, readAt: now, outputAt: facts.lastOutputAt };
    this.#screens.set(facts.id, entry);
    this.#host.screen(facts.id).then(
      (lines) => {
        entry.lines = lines;
        this.#onChange();
      },
      () => {
        entry.outputAt = undefined;
      },
    );
  }

  #forget(living: Set<string>): void {
    for (const map of [this.#screens, this.#told]) for (const id of map.keys()) if (!living.has(id)) map.delete(id);
  }
}
