import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { ForgeError } from '../../base/errors.ts';
import type { InputMark, SessionFacts, SessionSpec } from '../../domain/session.ts';
import type { Attachment, SessionHost } from '../../ports/session-host.ts';

/** Pause between two attempts to reach a host, in ms. */
const retryMs = 500;

/**
 * The supervisor's hold on the session host: connects, starts it when there is none, and connects again when it was
 * killed. Keeps the newest facts of every session.
 */
export class HostLink implements Disposable {
  readonly #connect: () => Promise<SessionHost>;
  readonly #log: (line: string) => void;
  readonly #facts = new Map<string, SessionFacts>();
  readonly #changes = new Emitter<SessionFacts>();
  readonly #reconnects = new Emitter<void>();
  #host: Promise<SessionHost>;
  #timer: NodeJS.Timeout | null = null;
  #isKnown = false;
  #isDisposed = false;

  constructor(connect: () => Promise<SessionHost>, log: (line: string) => void) {
    this.#connect = connect;
    this.#log = log;
    this.#host = this.#open();
    this.#host.catch(() => {});
  }

  /** Facts of every session, once the host is reached. Rejects with `host.unreachable`. */
  async reached(): Promise<SessionFacts[]> {
    await this.#host;
    return this.known();
  }

  /** A host has been reached: before that nobody can say which sessions there are. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  known(): SessionFacts[] {
    return [...this.#facts.values()];
  }

  onFacts(listener: (facts: SessionFacts) => void): Disposable {
    return this.#changes.on(listener);
  }

  /** Called each time a host was reached, the first time included, when its facts are known. */
  onReached(listener: () => void): Disposable {
    return this.#reconnects.on(listener);
  }

  async ensure(spec: SessionSpec): Promise<SessionFacts> {
    const facts = await (await this.#host).ensure(spec);
    // What was heard of it meanwhile is newer than the answer: it may have ended already.
    const newest = this.#facts.get(facts.id) ?? facts;
    this.#facts.set(facts.id, newest);
    return newest;
  }

  async kill(id: string, graceMs: number): Promise<void> {
    await (await this.#host).kill(id, { graceMs });
  }

  /** Removes the recording of an ended session, and what is known of it. */
  async forget(id: string): Promise<void> {
    await (await this.#host).forget(id);
    this.#facts.delete(id);
  }

  async send(id: string, keys: string, mark?: InputMark): Promise<void> {
    await (await this.#host).send(id, keys, mark);
  }

  /** Looks at a session without a size of its own. */
  async attach(id: string): Promise<Attachment> {
    return (await this.#host).attach(id, null);
  }

  async screen(id: string): Promise<string[]> {
    return (await (await this.#host).screen(id, 'text')).split('\n');
  }

  async #open(): Promise<SessionHost> {
    const held = new DisposableStack();
    try {
      const host = held.use(await this.#connect());
      if (this.#isDisposed) throw new ForgeError('host.unreachable', 'The supervisor is stopping.');
      held.use(
        host.onClose(() => {
          held.dispose();
          this.#again('The session host went away.');
        }),
      );
      const listed = await host.list();
      this.#facts.clear();
      for (const facts of listed) this.#facts.set(facts.id, facts);
      this.#isKnown = true;
      held.use(
        await host.watch((facts) => {
          this.#facts.set(facts.id, facts);
          this.#changes.emit(facts);
        }),
      );
      queueMicrotask(() => this.#reconnects.emit());
      return host;
    } catch (failure) {
      held.dispose();
      this.#again(`The session host cannot be reached: ${(failure as Error).message}`);
      throw failure;
    }
  }

  #again(reason: string): void {
    if (this.#isDisposed || this.#timer) return;
    this.#log(reason);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#host = this.#open();
      this.#host.catch(() => {});
    }, retryMs);
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#host.then((host) => host.dispose()).catch(() => {});
  }
}
