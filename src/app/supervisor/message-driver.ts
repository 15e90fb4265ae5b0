import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { asForgeError, ForgeError } from '../../base/errors.ts';
import { isMessageOpen, isMessageOver, type Message, type MessageState } from '../../domain/message.ts';
import type { SessionFacts } from '../../domain/session.ts';
import { isShell } from '../../domain/shell.ts';
import type { MessageControl } from './message-control.ts';
import { MessageExchange, type MessageExchangeOptions } from './message-exchange.ts';
import { typableText } from './prompt-keys.ts';

/** Prompts that may wait for one session. */
const queuedMax = 100;
/** Longest prompt, in characters: what waits for a program that does not read is bounded too. */
const textLengthMax = 1_000_000;

type Options = Omit<MessageExchangeOptions, 'onOver'>;

/**
 * The queues of prompts of one project, a queue a session. What is known of a prompt is in the store before a key is typed, so
 * that after a restart the same questions are asked of it as before.
 */
export class MessageDriver implements MessageControl, Disposable {
  readonly #options: Options;
  readonly #exchanges = new Map<string, MessageExchange>();
  readonly #changes = new Emitter<void>();

  constructor(options: Options) {
    this.#options = options;
  }

  async send(
    sessions: readonly string[],
    text: string,
    files: readonly string[],
    actor = this.#options.context.actor,
  ): Promise<Message[]> {
    const { store, agents } = this.#options.context;
    const prompt = typableText(text);
    if (prompt === '') throw new ForgeError('usage.invalid', 'There is nothing in that prompt.');
    if (prompt.length > textLengthMax) {
      throw new ForgeError('usage.invalid', `A prompt has at most ${textLengthMax} characters.`, {
        next: 'Put it into a file of the worktree and name that file.',
      });
    }
    const known = await this.#options.host.reached();
    const facts = [...new Set(sessions)].map((session) => this.#live(session, known));
    const at = this.#options.clock();
    const messages = facts.flatMap(({ id, labels }) => {
      const adapter = agents.adapterOfOrNull(labels.agent ?? '');
      const mentions = files.map((file) => typableText(adapter?.mentionFile?.(file) ?? file));
      return store.messages.add([id], [...mentions, prompt].join(' '), actor, at);
    });
    this.#changed();
    for (const { id } of facts) this.#look(id);
    return messages;
  }

  unsend(id: number): Message {
    const { messages } = this.#options.context.store;
    const { state, session } = messages.get(id);
    if (!messages.change(id, ['queued'], { state: 'cancelled' })) {
      throw new ForgeError('message.typed', `Message ${id} is ${state === 'queued' ? 'typed' : state} already.`);
    }
    this.#changed();
    this.#look(session);
    return messages.get(id);
  }

  /** What waits for a session that is over waits for the next, as does what was not answered there; `isSaidAgain`: to be typed again. */
  move(from: string, to: string, isSaidAgain: boolean): void {
    this.#options.context.store.messages.move(from, to, isSaidAgain);
    this.#changed();
    this.#look(to);
  }

  async reached(ids: readonly number[], state: MessageState, withinMs: number): Promise<Message[]> {
    const { messages } = this.#options.context.store;
    const read = () => ids.map((id) => messages.get(id));
    const isThere = (message: Message) =>
      isMessageOver(message.state) || (state === 'accepted' && !isMessageOpen(message.state));
    if (read().every(isThere)) return read();
    await new Promise<void>((resolve) => {
      const held = new DisposableStack();
      const over = () => {
        held.dispose();
        resolve();
      };
      held.use(this.#changes.on(() => read().every(isThere) && over()));
      const timer = setTimeout(over, withinMs);
      held.defer(() => clearTimeout(timer));
    });
    return read();
  }

  /** Takes in what the host observed of a session. */
  observe({ id }: SessionFacts): void {
    this.#exchanges.get(id)?.look();
  }

  /** Goes on with what is on its way: when the host has been reached. */
  restore(): void {
    for (const { session } of this.#options.context.store.messages.unfinished()) this.#look(session);
  }

  /** Time has gone by. */
  lookAgain(): void {
    for (const exchange of this.#exchanges.values()) exchange.look();
  }

  #look(session: string): void {
    let exchange = this.#exchanges.get(session);
    if (!exchange) {
      const onOver = () => this.#exchanges.delete(session);
      exchange = new MessageExchange(session, { ...this.#options, onChange: () => this.#changed(), onOver });
      this.#exchanges.set(session, exchange);
    }
    exchange.look();
  }

  #live(session: string, known: readonly SessionFacts[]): SessionFacts {
    const { project, store } = this.#options.context;
    const facts = known.find(({ id }) => id === session);
    if (facts?.labels.project !== project.root) {
      throw new ForgeError('session.missing', `There is no session ${session} in this project.`);
    }
    if (isShell(facts)) throw new ForgeError('session.shell', `Session ${session} is a shell of yours, and no agent.`);
    if (facts.endedAt !== null) throw new ForgeError('session.ended', `Session ${session} has ended.`);
    const waiting = store.messages.list(session).filter(({ state }) => state === 'queued').length;
    if (waiting >= queuedMax)
      throw new ForgeError('session.waiting', `${waiting} prompts wait for ${session} already.`);
    return facts;
  }

  #changed(): void {
    try {
      this.#changes.emit();
      this.#options.onChange();
    } catch (failure) {
      this.#options.log(`messages: ${asForgeError(failure).message}`);
    }
  }

  dispose(): void {
    for (const exchange of this.#exchanges.values()) exchange.dispose();
    this.#exchanges.clear();
  }
}
