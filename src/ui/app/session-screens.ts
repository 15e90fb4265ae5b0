import { setTimeout as pause } from 'node:timers/promises';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { ForgeError } from '../../base/errors.ts';
import type { ScrollbackScreen } from '../../ports/screen.ts';
import type { Attachment, SessionHost } from '../../ports/session-host.ts';
import { LocalEcho } from '../echo/local-echo.ts';

/** Pause between two attempts to reach a host that went away, in ms. */
const retryMs = 500;

/** A text that the program of a session would put on the clipboard. */
export interface ProgramCopy {
  session: string;
  text: string;
}

/**
 * The live screens of the panes that are shown. Follows the host through its restarts: a screen that went with its host
 * keeps what it showed last.
 */
export class SessionScreens implements Disposable {
  readonly #connect: () => Promise<SessionHost>;
  readonly #hasLocalEcho: boolean;
  readonly #attached = new Map<string, Attachment>();
  /** What a host showed that went away: until the next one shows it. */
  readonly #stale = new Set<string>();
  readonly #attaching = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #changes = new Emitter<void>();
  readonly #copies = new Emitter<ProgramCopy>();
  #wanted: ReadonlySet<string> = new Set();
  #host: SessionHost | null = null;
  /** The first attempt to reach a host is over. */
  #reached: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isDisposed = false;
  #version = 0;

  constructor(connect: () => Promise<SessionHost>, hasLocalEcho = false) {
    this.#connect = connect;
    this.#hasLocalEcho = hasLocalEcho;
  }

  /** Connects to the host, which the first screen that is wanted does too. */
  open(): void {
    this.#reached ??= this.#reach();
  }

  /** Counts changes of which sessions have a screen; for `useSyncExternalStore`. */
  get version(): number {
    return this.#version;
  }

  subscribe = (listener: () => void): (() => void) => {
    const held = this.#changes.on(listener);
    return () => held.dispose();
  };

  onCopy(listener: (copy: ProgramCopy) => void): Disposable {
    return this.#copies.on(listener);
  }

  get(id: string): Attachment | null {
    return this.#attached.get(id) ?? null;
  }

  /** The sessions whose panes are shown now: these are watched, no others. */
  show(ids: readonly string[]): void {
    if (ids.length === this.#wanted.size && ids.every((id) => this.#wanted.has(id))) return;
    this.#wanted = new Set(ids);
    for (const [id, attachment] of this.#attached) {
      if (this.#wanted.has(id)) continue;
      this.#attached.delete(id);
      this.#stale.delete(id);
      attachment.dispose();
    }
    if (ids.length > 0) this.open();
    this.#attachWanted();
  }

  /**
   * Shows these too; resolves when each has its screen or gets none, and in any case when no host was reached `withinMs`, or the
   * screens have not come `withinMs` after it was.
   */
  async showSoon(ids: readonly string[], withinMs: number): Promise<void> {
    this.show([...new Set([...this.#wanted, ...ids])]);
    const isWaiting = () => ids.some((id) => this.isComing(id));
    if (isWaiting()) await Promise.race([this.#reached, pause(withinMs)]);
    if (this.#host === null) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        if (isWaiting()) return;
        clearTimeout(late);
        held.dispose();
        resolve();
      };
      const late = setTimeout(() => {
        held.dispose();
        resolve();
      }, withinMs);
      const held = this.#changes.on(settle);
      settle();
    });
  }

  /** It has no screen yet, and nothing says that it gets none. */
  isComing(id: string): boolean {
    return !this.#attached.has(id) && !this.#refused.has(id);
  }

  async send(id: string, data: string): Promise<void> {
    await this.#host?.send(id, data);
  }

  /** Everything that the session showed and that is kept; the caller disposes it. */
  async history(id: string): Promise<ScrollbackScreen> {
    if (!this.#host) throw new ForgeError('host.unreachable', 'The session host is being started again.');
    return this.#host.history(id);
  }

  async end(id: string): Promise<void> {
    await this.#host?.kill(id);
  }

  async forget(id: string): Promise<void> {
    await this.#host?.forget(id);
  }

  async #reach(): Promise<void> {
    try {
      const host = await this.#connect();
      if (this.#isDisposed) {
        host.dispose();
        return;
      }
      this.#host = host;
      this.#refused.clear();
      const held = new DisposableStack();
      held.use(
        host.onClose(() => {
          held.dispose();
          this.#host = null;
          for (const id of this.#attached.keys()) this.#stale.add(id);
          this.#again();
          this.#changed();
        }),
      );
      this.#attachWanted();
      this.#changed();
    } catch {
      this.#again();
    }
  }

  #again(): void {
    if (this.#isDisposed || this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#reach();
    }, retryMs);
  }

  #attachWanted(): void {
    const host = this.#host;
    if (!host) return;
    for (const id of this.#wanted) {
      if ((this.#attached.has(id) && !this.#stale.has(id)) || this.#attaching.has(id) || this.#refused.has(id))
        continue;
      this.#attaching.add(id);
      host.attach(id, null).then(
        (attachment) => {
          this.#attaching.delete(id);
          if (this.#isDisposed || !this.#wanted.has(id)) attachment.dispose();
          else {
            this.#attached.get(id)?.dispose();
            this.#attached.set(id, this.#hasLocalEcho ? new LocalEcho(attachment) : attachment);
            attachment.onCopy((text) => this.#copies.emit({ session: id, text }));
            this.#stale.delete(id);
          }
          this.#changed();
        },
        () => {
          this.#attaching.delete(id);
          this.#refused.add(id);
          this.#changed();
        },
      );
    }
  }

  #changed(): void {
    this.#version += 1;
    this.#changes.emit();
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#retry) clearTimeout(this.#retry);
    for (const attachment of this.#attached.values()) attachment.dispose();
    this.#attached.clear();
    this.#host?.dispose();
  }
}
