import { Emitter } from '../../base/emitter.ts';
import { ForgeError } from '../../base/errors.ts';
import type { SessionFacts, SessionSpec } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Recordings } from '../transcript/recordings.ts';
import { checkProgram } from './check-program.ts';
import { HostSession } from './host-session.ts';
import { endTree } from './processes.ts';
import type { SessionRegistry } from './registry.ts';

/** How long what a dead host left alive may take to end, in ms. */
const sweepGraceMs = 2_000;

/** Ended sessions whose screens are kept, the newest: 2.7 MB each when their history is full. */
const endedScreensMax = 100;

/** Sessions that may live at once: each is a pty, an emulator and a program. */
const liveMax = 500;

export interface SessionTableOptions {
  registry: SessionRegistry;
  recordings: Recordings;
  version: string;
  clock: Clock;
  log: (line: string) => void;
}

/** Every session of the host: live ones, and the records of ended and lost ones. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #live = new Map<string, HostSession>();
  readonly #ended = new Map<string, SessionFacts>();
  readonly #starting = new Map<string, Promise<SessionFacts>>();
  readonly #changes = new Emitter<SessionFacts>();
  #queue: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  onFacts(listener: (facts: SessionFacts) => void) {
    return this.#changes.on(listener);
  }

  list(): SessionFacts[] {
    return [...this.#ended.values(), ...[...this.#live.values()].map((session) => session.facts)];
  }

  get liveCount(): number {
    return [...this.#live.values()].filter((session) => session.isAlive).length;
  }

  /** A session with a screen. Throws `session.missing`, and `session.ended` for one of an earlier host. */
  get(id: string): HostSession {
    const session = this.#live.get(id);
    if (session) return session;
    if (this.#ended.has(id)) throw new ForgeError('session.ended', `The screen of session ${id} is no longer kept.`);
    throw new ForgeError('session.missing', `The host knows no session ${id}.`);
  }

  /** The facts of any session that is known. Throws `session.missing`. */
  factsOf(id: string): SessionFacts {
    return this.#ended.get(id) ?? this.get(id).facts;
  }

  /** Starts it unless one of that id exists, alive, ended or lost. One program is started at a time: each start blocks. */
  ensure(spec: SessionSpec): Promise<SessionFacts> {
    const known = this.#live.get(spec.id)?.facts ?? this.#ended.get(spec.id);
    if (known) return Promise.resolve(known);
    const starting = this.#starting.get(spec.id);
    if (starting) return starting;
    const start = this.#queue.then(() => this.#start(spec));
    this.#starting.set(spec.id, start);
    const settled = start
      .catch(() => {})
      .then(() => {
        this.#starting.delete(spec.id);
        return new Promise((resolve) => setImmediate(resolve));
      });
    this.#queue = settled;
    return start;
  }

  /** Takes in what an earlier host left: its records, and processes that outlived it, which are ended. */
  async sweep(): Promise<void> {
    const { registry, clock, log } = this.#options;
    const records = registry.load();
    await Promise.all(
      records.map(async ({ facts, startTime }) => {
        if (facts.endedAt !== null) {
          this.#ended.set(facts.id, facts);
          return;
        }
        const lost = { ...facts, isLost: true, endedAt: clock() };
        // The program may be gone and what it started alive: nothing is asked of the program itself.
        if (facts.pid !== null && startTime !== null) {
          await endTree(facts.pid, sweepGraceMs, { session: facts.id, cwd: facts.cwd, startTime });
        }
        this.#write(lost, startTime);
        log(`${facts.id}: lost with the host that held it`);
        this.#ended.set(facts.id, lost);
      }),
    );
  }

  forget(id: string): void {
    const session = this.#live.get(id);
    if (session?.isAlive) {
      throw new ForgeError('task.running', `Session ${id} is alive.`, {
        next: `End it first: forge session kill ${id}`,
      });
    }
    session?.dispose();
    this.#live.delete(id);
    this.#ended.delete(id);
    this.#options.registry.remove(id);
    this.#options.recordings.remove(id);
  }

  /** Ends every session; none is started any more. */
  async killAll(graceMs: number): Promise<void> {
    this.#isStopping = true;
    await this.#queue;
    await Promise.all([...this.#live.values()].map((session) => session.kill(graceMs)));
  }

  #start(spec: SessionSpec): SessionFacts {
    const { registry, recordings, version, clock, log } = this.#options;
    if (this.#isStopping) throw new ForgeError('host.unreachable', 'The session host is stopping.');
    if (this.liveCount >= liveMax) throw new ForgeError('spawn.failed', `${liveMax} sessions are alive; no more fit.`);
    checkProgram(spec);
    const facts: SessionFacts = {
      id: spec.id,
      labels: spec.labels,
      command: spec.command,
      cwd: spec.cwd,
      pid: null,
      cols: spec.cols,
      rows: spec.rows,
      startedAt: clock(),
      lastOutputAt: null,
      lastInputAt: null,
      bellAt: null,
      title: '',
      program: null,
      endedAt: null,
      exitCode: null,
      signal: null,
      isLost: false,
    };
    // Before the start: after a crash in between, the id is known and nobody starts it again.
    registry.write(facts, null);
    let session: HostSession;
    try {
      session = new HostSession(spec, facts, version, clock, recordings);
    } catch (failure) {
      registry.remove(spec.id);
      throw failure;
    }
    this.#live.set(spec.id, session);
    this.#write(session.facts, session.startTime);
    session.onFacts((changed) => {
      if (changed.endedAt !== null) {
        this.#write(changed, session.startTime);
        this.#keepNewestScreens();
      }
      this.#changes.emit(changed);
    });
    log(`${spec.id}: ${spec.command[0]} runs as ${session.facts.pid}`);
    this.#changes.emit(session.facts);
    return session.facts;
  }

  /** A full disk must not keep anybody from hearing what became of a session. */
  #write(facts: SessionFacts, startTime: string | null): void {
    try {
      this.#options.registry.write(facts, startTime);
    } catch (failure) {
      this.#options.log(`${facts.id}: cannot be recorded: ${(failure as Error).message}`);
    }
  }

  #keepNewestScreens(): void {
    const ended = [...this.#live.values()].filter((session) => !session.isAlive);
    ended.sort((a, b) => (a.facts.endedAt ?? 0) - (b.facts.endedAt ?? 0));
    for (const session of ended.slice(0, Math.max(0, ended.length - endedScreensMax))) {
      session.dispose();
      this.#live.delete(session.facts.id);
      this.#ended.set(session.facts.id, session.facts);
    }
  }
}
