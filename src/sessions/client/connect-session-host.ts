import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { ForgeError, reviveForgeError } from '../../base/errors.ts';
import type { Connection } from '../../daemon/connection.ts';
import type { InputMark, SessionFacts } from '../../domain/session.ts';
import type { ScreenFactory, ScrollbackScreen } from '../../ports/screen.ts';
import type { Attachment, RecordingPlace, SessionHost } from '../../ports/session-host.ts';
import { frameKind } from '../../protocol/frames.ts';
import {
  type HostMethod,
  type HostParams,
  type HostResult,
  hostMethods,
  hostReplySchema,
} from '../../protocol/host-messages.ts';
import { PendingAnswers } from '../../protocol/pending-answers.ts';
import { LateScreens } from './late-screens.ts';
import { SessionAttachment } from './session-attachment.ts';

/** How long the host may take for an answer, in ms. Ending a program takes its grace on top. */
const answerMs = 15_000;

/** The session host over a connection. The screens of attachments are made by `screens`, or by what it loads. */
export function connectSessionHost(
  connection: Connection,
  screens: ScreenFactory | (() => Promise<ScreenFactory>),
): SessionHost {
  return new SessionHostClient(connection, new LateScreens(screens));
}

class SessionHostClient implements SessionHost {
  readonly #connection: Connection;
  readonly #screens: LateScreens;
  readonly #held = new DisposableStack();
  readonly #facts = new Emitter<SessionFacts>();
  readonly #closes = new Emitter<void>();
  readonly #pending = new PendingAnswers();
  readonly #attachments = new Map<number, SessionAttachment>();
  #nextChannel = 1;
  #isClosed = false;

  constructor(connection: Connection, screens: LateScreens) {
    this.#connection = connection;
    this.#screens = screens;
    this.#held.use(
      connection.onBytes((frame) => this.#attachments.get(frame.channel)?.receive(frame.kind, frame.payload)),
    );
    this.#held.use(connection.onClose(() => this.#closed()));
    this.#held.use(connection.onMessage((message) => this.#receive(message)));
  }

  ensure(spec: HostParams<'ensure'>['spec']): Promise<SessionFacts> {
    return this.#ask('ensure', { spec });
  }

  list(): Promise<SessionFacts[]> {
    return this.#ask('list', {});
  }

  async send(session: string, data: Uint8Array | string, mark?: InputMark): Promise<void> {
    const marked = mark === undefined ? {} : { mark };
    await this.#ask('send', { session, data: Buffer.from(data as string).toString('base64'), ...marked });
  }

  screen(session: string, format: 'text' | 'ansi'): Promise<string> {
    return this.#ask('screen', { session, format });
  }

  async history(session: string): Promise<ScrollbackScreen> {
    const recording = await this.recording(session);
    const { drawHistory, readHistory } = await import('../transcript/history.ts');
    const history = await readHistory(recording);
    return history ?? drawHistory(await this.#ask('lines', { session }), recording.cols, recording.rows);
  }

  recording(session: string): Promise<RecordingPlace> {
    return this.#ask('recording', { session });
  }

  async follow(session: string, listener: (lines: string[]) => void): Promise<void> {
    const { followLines } = await import('../transcript/follow-lines.ts');
    return followLines(() => this.recording(session), listener);
  }

  async kill(session: string, { graceMs = 3_000 } = {}): Promise<void> {
    await this.#ask('kill', { session, graceMs }, answerMs + graceMs);
  }

  async forget(session: string): Promise<void> {
    await this.#ask('forget', { session });
  }

  async attach(session: string, size: { cols: number; rows: number } | null): Promise<Attachment> {
    const channel = this.#nextChannel++;
    const attachment = new SessionAttachment(session, this.#screens, {
      input: (bytes) => this.#connection.sendBytes(frameKind.input, channel, bytes),
      resize: (cols, rows) => void this.#ask('resize', { session, size: { cols, rows } }).catch(() => {}),
      pause: () => this.#connection.pause(),
      leave: () => {
        this.#attachments.delete(channel);
        if (!this.#connection.isClosed) void this.#ask('detach', { channel }).catch(() => {});
      },
    });
    this.#attachments.set(channel, attachment);
    try {
      await this.#ask('attach', { session, channel, size });
      await attachment.ready;
      return attachment;
    } catch (failure) {
      this.#attachments.delete(channel);
      attachment.dispose();
      throw failure;
    }
  }

  async watch(listener: (facts: SessionFacts) => void): Promise<Disposable> {
    // What changes while the list is on its way is newer than the list.
    const heard = new Set<string>();
    const held = this.#facts.on((facts) => {
      heard.add(facts.id);
      listener(facts);
    });
    try {
      await this.#ask('watch', {});
      for (const facts of await this.list()) if (!heard.has(facts.id)) listener(facts);
      return held;
    } catch (failure) {
      held.dispose();
      throw failure;
    }
  }

  status(): Promise<HostResult<'status'>> {
    return this.#ask('status', {});
  }

  async stop(force: boolean): Promise<void> {
    await this.#ask('stop', { force }, answerMs + 5_000);
  }

  onClose(listener: () => void): Disposable {
    if (this.#connection.isClosed) queueMicrotask(listener);
    return this.#closes.on(listener);
  }

  dispose(): void {
    this.#connection.dispose();
    this.#closed();
  }

  async #ask<M extends HostMethod>(method: M, params: HostParams<M>, withinMs = answerMs): Promise<HostResult<M>> {
    if (this.#connection.isClosed) throw gone();
    const late = new ForgeError('host.unreachable', `The session host did not answer within ${withinMs / 1000} s.`);
    const send = (id: number) => this.#connection.send({ type: 'request', id, method, params });
    const answer = await this.#pending.ask(send, withinMs, late);
    const result = hostMethods[method].result.safeParse(answer);
    if (result.success) return result.data as HostResult<M>;
    throw new ForgeError('protocol.mismatch', `The session host answered ${method} with what is no answer.`);
  }

  #receive(message: unknown): void {
    const parsed = hostReplySchema.safeParse(message);
    if (!parsed.success) {
      this.#connection.destroy();
      return;
    }
    const reply = parsed.data;
    switch (reply.type) {
      case 'facts':
        this.#facts.emit(reply.facts);
        return;
      case 'resized':
        this.#attachments.get(reply.channel)?.resized(reply.cols, reply.rows);
        return;
      case 'ended':
        this.#attachments.get(reply.channel)?.ended();
        return;
      case 'reply':
        this.#pending.resolve(reply.id, reply.result);
        return;
      case 'failure':
        this.#pending.reject(reply.id, reviveForgeError(reply.error));
    }
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pending.rejectAll(gone());
    for (const attachment of this.#attachments.values()) attachment.lost();
    this.#attachments.clear();
    this.#held.dispose();
    this.#closes.emit();
  }
}

function gone(): ForgeError {
  return new ForgeError('host.unreachable', 'The session host went away.');
}
