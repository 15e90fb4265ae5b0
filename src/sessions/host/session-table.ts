import { Emitter } from '../../base/emitter.ts';
import { ForgeError } from '../../base/errors.ts';
import { faultPoint } from '../../base/fault-point.ts';
import { isLightBackground } from '../../domain/background.ts';
import type { SessionFacts, SessionSpec } from '../../domain/session.ts';
import type { Clock } from '../../ports/clock.ts';
import { endTree, startTimeOf } from '../../processes/end-tree.ts';
import type { Recordings } from '../transcript/recordings.ts';
import { adoptSession } from './adopt-session.ts';
import { dismissKeeper } from './adopted-terminal.ts';
import { checkProgram } from './check-program.ts';
import { HeldSession } from './held-session.ts';
import { HostSession, newEmulator } from './host-session.ts';
import type { KeeperFolders } from './keeper-folder.ts';
import { PtyTerminal } from './pty-terminal.ts';
import { endedMax, type SessionRecord, type SessionRegistry } from './registry.ts';

/** How long what a dead host left alive may take to end, in ms. */
const sweepGraceMs = 2_000;

/** Ended sessions whose screens are kept, the newest: 2.7 MB each when their history is full. */
const endedScreensMax = 100;

/** That of a program that was started and never recorded: no process has it. */
const unknownPid = -1;

/** Sessions that may live at once: each is a pty, an emulator and a program. */
const liveMax = 1_024;

/** Longest command that is told and recorded, in characters: a prompt may be in it, and the list of all has to fit a frame. */
const commandLengthMax = 4_000;

export interface SessionTableOptions {
  registry: SessionRegistry;
  folders: KeeperFolders;
  recordings: Recordings;
  /** The program of the thread that reads a flood, `flood-worker.ts`. */
  floodWorker: URL;
  version: string;
  clock: Clock;
  log: (line: string) => void;
}

/** Every session of the host: live ones, and the records of ended and lost ones. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #live = new Map<string, HeldSession>();
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
    return [...this.#ended.values(), ...[...this.#live.values()].map(({ session }) => session.facts)];
  }

  get liveCount(): number {
    return [...this.#live.values()].filter(({ session }) => session.isAlive).length;
  }

  /** A session with a screen. Throws `session.missing`, and `session.ended` for one of an earlier host. */
  get(id: string): HostSession {
    const held = this.#live.get(id);
    if (held) return held.session;
    if (this.#ended.has(id)) throw new ForgeError('session.ended', `The screen of session ${id} is no longer kept.`);
    throw new ForgeError('session.missing', `The host knows no session ${id}.`);
  }

  /** The facts of any session that is known. Throws `session.missing`. */
  factsOf(id: string): SessionFacts {
    return this.#ended.get(id) ?? this.get(id).facts;
  }

  /** Starts it unless one of that id exists, alive, ended or lost. One program is started at a time: each start blocks. */
  ensure(spec: SessionSpec): Promise<SessionFacts> {
    const known = this.#live.get(spec.id)?.session.facts ?? this.#ended.get(spec.id);
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

  /**
   * Takes in what an earlier host left: its records, and its programs whose keepers still hold their terminals. Of what has
   * lost its terminal the processes are ended.
   */
  async takeOver(): Promise<void> {
    const { registry, folders, log } = this.#options;
    const records = registry.load();
    await Promise.all(
      records.map(async (record) => {
        const { facts } = record;
        if (facts.endedAt !== null) this.#ended.set(facts.id, facts);
        else if (!(await this.#adopt(record))) await this.#lose(record);
      }),
    );
    for (const id of folders.ids()) if (!this.#live.has(id)) dismissKeeper(folders, id);
    if (this.#live.size > 0) log(`${this.#live.size} sessions go on`);
  }

  async #adopt(record: SessionRecord): Promise<boolean> {
    const { log } = this.#options;
    try {
      const session = await adoptSession(record, this.#options);
      if (!session) return false;
      this.#hold(session, record);
      log(`${record.facts.id}: goes on as ${record.facts.pid}`);
      return true;
    } catch (failure) {
      log(`${record.facts.id}: cannot be taken over: ${(failure as Error).message}`);
      return false;
    }
  }

  async #lose(record: SessionRecord): Promise<void> {
    const { facts, startTime } = record;
    const lost = { ...facts, isLost: true, endedAt: this.#options.clock() };
    // The program may be gone and what it started alive: nothing is asked of the program itself.
    if (startTime !== null) {
      await endTree(facts.pid ?? unknownPid, sweepGraceMs, { session: facts.id, cwd: facts.cwd, startTime });
    }
    this.#write({ ...record, facts: lost });
    this.#options.log(`${facts.id}: lost with the host that held it`);
    this.#ended.set(facts.id, lost);
  }

  /**
   * Leaves every program as it is to the next host, which goes on where this one stops. None is started any more, and
   * nothing more is read: when this resolves, this process has to end without another turn.
   */
  async handOver(): Promise<void> {
    const { folders, recordings, log } = this.#options;
    this.#isStopping = true;
    await this.#queue;
    for (const held of this.#live.values()) held.stop();
    const live = [...this.#live.entries()].filter(([, { session }]) => session.isAlive);
    await Promise.all(
      live.map(async ([id, held]) => {
        try {
          const handedOver = await held.session.leave();
          held.recordNow();
          folders.handOver(id, handedOver);
        } catch (failure) {
          log(`${id}: its screen cannot be handed over: ${(failure as Error).message}`);
        }
      }),
    );
    await recordings.dispose();
  }

  forget(id: string): void {
    const session = this.#live.get(id)?.session;
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
    await Promise.all([...this.#live.values()].map(({ session }) => session.kill(graceMs)));
  }

  #start(spec: SessionSpec): SessionFacts {
    const { registry, folders, recordings, floodWorker, version, clock, log } = this.#options;
    if (this.#isStopping) throw new ForgeError('host.unreachable', 'The session host is stopping.');
    if (this.liveCount >= liveMax) throw new ForgeError('spawn.failed', `${liveMax} sessions are alive; no more fit.`);
    checkProgram(spec);
    const facts: SessionFacts = {
      id: spec.id,
      labels: spec.labels,
      command: shortened(spec.command),
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
      isLight: isLightBackground(spec.env),
    };
    // Before the start: after a crash in between, the id is known and nobody starts it again; and what runs by then is found,
    // since it is younger than this process.
    const { transcript } = spec;
    faultPoint('session intent before');
    registry.write({ facts, startTime: startTimeOf(process.pid), keeper: null, transcript });
    faultPoint('session intent after');
    let terminal: PtyTerminal;
    try {
      terminal = new PtyTerminal(spec, folders.of(spec.id), floodWorker);
    } catch (failure) {
      registry.remove(spec.id);
      throw failure;
    }
    faultPoint('session started before it is recorded');
    const { pid, startTime, keeper } = terminal;
    const record = { facts: { ...facts, pid }, startTime, keeper: keeper.identity, transcript };
    const emulator = newEmulator(facts);
    const common = { version, clock, recordings, transcript };
    const session = new HostSession({ terminal, facts: record.facts, emulator, ...common });
    this.#write(record);
    faultPoint('session recorded');
    this.#hold(session, record);
    log(`${spec.id}: ${spec.command[0]} runs as ${pid}`);
    this.#changes.emit(session.facts);
    return session.facts;
  }

  #hold(session: HostSession, record: SessionRecord): void {
    const held = new HeldSession(session, record, (changed, isDurable) => this.#write(changed, isDurable));
    this.#live.set(session.facts.id, held);
    session.onFacts((changed) => {
      held.follow(changed);
      if (changed.endedAt !== null) this.#keepNewestScreens();
      this.#changes.emit(changed);
    });
  }

  /** A full disk must not keep anybody from hearing what became of a session. */
  #write(record: SessionRecord, isDurable = true): void {
    try {
      this.#options.registry.write(record, { isDurable });
    } catch (failure) {
      this.#options.log(`${record.facts.id}: cannot be recorded: ${(failure as Error).message}`);
    }
  }

  #keepNewestScreens(): void {
    const ended = [...this.#live.values()].map(({ session }) => session).filter((session) => !session.isAlive);
    ended.sort((a, b) => (a.facts.endedAt ?? 0) - (b.facts.endedAt ?? 0));
    for (const session of ended.slice(0, Math.max(0, ended.length - endedScreensMax))) {
      session.dispose();
      this.#live.delete(session.facts.id);
      this.#ended.set(session.facts.id, session.facts);
    }
    // Oldest first, as they came.
    for (const id of [...this.#ended.keys()].slice(0, Math.max(0, this.#ended.size - endedMax))) this.forget(id);
  }
}

/** The first words of a command, as far as they fit. */
function shortened(command: readonly string[]): string[] {
  let left = commandLengthMax;
  return command.flatMap((word) => {
    if (left <= 0) return [];
    const part = word.length > left ? `${word.slice(0, left)}…` : word;
    left -= word.length;
    return [part];
  });
}
