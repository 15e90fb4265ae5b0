import type { Disposable } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import { isInInput } from '../../domain/input-screen.ts';
import { isMessageOpen, type Message, type MessageState } from '../../domain/message.ts';
import type { MessageScene, SentInput } from '../../domain/message-scene.ts';
import { type MessageStep, nextStep } from '../../domain/message-step.ts';
import { hasAgentAtWork, type Run } from '../../domain/run.ts';
import type { SessionFacts } from '../../domain/session.ts';
import { deriveStatus } from '../../domain/status.ts';
import { isSeenEmpty, whyNotNow } from '../../domain/why-not-now.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Attachment } from '../../ports/session-host.ts';
import type { MessageChange } from '../../ports/store.ts';
import type { OperationContext } from '../context.ts';
import type { HostLink } from './host-link.ts';
import { textKeys } from './prompt-keys.ts';
import { readInput } from './read-input.ts';
import { needsScreen, statusInput } from './session-views.ts';

/** While keys are being typed the session is looked at this often, in ms, and else when something is heard of it or by the poll. */
const typingLookMs = 100;
/** A prompt that waits has its session looked at no more often, in ms, however much the program writes. */
const waitingLookMs = 400;

const enter = '\r';

export interface MessageExchangeOptions {
  context: OperationContext;
  host: HostLink;
  clock: Clock;
  log: (line: string) => void;
  /** The program is about to be given a prompt. */
  beforePrompt: (session: string) => Promise<void>;
  /** Something that a view shows has changed. */
  onChange: () => void;
  /** No prompt of the session is on its way any more. */
  onOver: () => void;
}

/** Brings the prompts of one session to its program, one after the other. Does one step at a time, and then looks again. */
export class MessageExchange implements Disposable {
  readonly #session: string;
  readonly #options: MessageExchangeOptions;
  /** What this process typed, beside what the host keeps. */
  #typed: { message: number; sent: SentInput } | null = null;
  /** The prompt that was seen in the input. */
  #seen: number | null = null;
  readonly #typings = new Map<number, number>();
  readonly #watchedSince: number;
  #eye: Attachment | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lookedAt = 0;
  #isLooking = false;
  #isDisposed = false;

  constructor(session: string, options: MessageExchangeOptions) {
    this.#session = session;
    this.#options = options;
    this.#watchedSince = options.clock();
  }

  /** Looks soon, unless it does already. */
  look(): void {
    if (this.#timer || this.#isLooking || this.#isDisposed) return;
    const since = performance.now() - this.#lookedAt;
    this.#timer = setTimeout(() => void this.#lookNow(), Math.max(0, this.#eye ? 0 : waitingLookMs - since));
  }

  async #lookNow(): Promise<void> {
    this.#timer = null;
    this.#isLooking = true;
    this.#lookedAt = performance.now();
    let next: 'again' | 'soon' | 'later' | 'over' = 'later';
    try {
      next = await this.#step();
    } catch (failure) {
      const error = asForgeError(failure);
      // A host that is away is told of elsewhere; the prompt waits for the next one.
      if (error.code !== 'host.unreachable') this.#options.log(`${this.#session}: message: ${error.message}`);
      this.#closeEye();
    }
    this.#isLooking = false;
    if (this.#isDisposed || next === 'over') {
      this.dispose();
      this.#options.onOver();
    } else if (next !== 'later') {
      this.#timer = setTimeout(() => void this.#lookNow(), next === 'again' ? 0 : typingLookMs);
    }
  }

  async #step(): Promise<'again' | 'soon' | 'later' | 'over'> {
    const { context, host } = this.#options;
    const unfinished = context.store.messages.unfinished().filter(({ session }) => session === this.#session);
    const message = unfinished.find(({ state }) => isMessageOpen(state)) ?? unfinished.at(-1);
    if (!message) return 'over';
    const facts = (await host.reached()).find(({ id }) => id === this.#session);
    if (!facts) return this.#isToCome() ? 'later' : this.#forgotten(message);
    const isBehind = await this.#settleEarlier(unfinished, message, facts);
    const scene = await this.#scene(message, facts, isBehind);
    const step = nextStep(scene);
    const isDone = await this.#do(step, scene);
    const isWaiting = step.do === 'wait' && (message.state === 'queued' || message.state === 'accepted');
    if (isWaiting || step.do === 'become') this.#closeEye();
    if (message.state === 'accepted' && facts.endedAt !== null && step.do === 'wait') return 'over';
    return isWaiting ? 'later' : step.do !== 'wait' && isDone ? 'again' : 'soon';
  }

  /** A run that goes on is about to start it, or can go on in another. */
  #isToCome(): boolean {
    const run = this.#options.context.store.runs.live().find(({ session }) => session === this.#session);
    return run !== undefined && mayGoOn(run);
  }

  /** The host knows the session no more. */
  #forgotten(message: Message): 'again' | 'over' {
    if (message.state === 'accepted') return 'over';
    const isSure = message.state === 'queued';
    const note = isSure ? 'The session is gone.' : 'It may have been sent: the session is gone.';
    this.#change(message, { state: 'failed', note });
    return 'again';
  }

  /** Prompts that were accepted before this one: answered by now, or not. True: one is not. */
  async #settleEarlier(unfinished: readonly Message[], message: Message, facts: SessionFacts): Promise<boolean> {
    const earlier = unfinished.filter(({ id, state }) => id < message.id && state === 'accepted');
    let isBehind = false;
    for (const one of earlier) {
      const scene = await this.#scene(one, facts, false);
      const step = nextStep(scene);
      await this.#do(step, scene);
      if (step.do === 'wait') isBehind = true;
    }
    return isBehind;
  }

  async #scene(message: Message, facts: SessionFacts, isBehind: boolean): Promise<MessageScene> {
    const { context, host, clock } = this.#options;
    const adapter = context.agents.adapterOfOrNull(facts.labels.agent ?? '');
    const words = context.store.words.get(facts.id);
    const isTyping = message.state === 'typing' || message.state === 'typed';
    const canBeSeen = facts.endedAt === null && (isTyping || message.state === 'queued');
    const rows = adapter && needsScreen(facts, adapter) ? (this.#eyeRows() ?? (await host.screen(facts.id))) : null;
    const input = statusInput(facts, adapter, rows, words, clock());
    const hasRules = adapter !== null && (adapter.screenRules.length > 0 || adapter.titleRules !== undefined);
    const run = context.store.runs.live().find(({ id }) => id === facts.labels.run);
    const scene: MessageScene = {
      message,
      facts,
      words,
      tellsPrompts: adapter?.abilities.tellsPrompts ?? false,
      status: deriveStatus(input),
      screen: null,
      inputMark: adapter?.inputMark ?? null,
      inputHint: adapter?.inputHint ?? null,
      isTold: hasRules || facts.program !== null || words?.state != null,
      sent: this.#sentOf(message, facts),
      wasSeen: this.#seen === message.id,
      typings: this.#typings.get(message.id) ?? 0,
      leftover: null,
      isBehind,
      isPaused: run?.status === 'paused',
      mayGoOn: run !== undefined && mayGoOn(run),
      watchedSince: this.#watchedSince,
      now: clock(),
    };
    // Whoever has to wait anyway needs no screen.
    const isReady = isTyping || whyNotNow({ ...scene, facts: { ...facts, isDrafting: false } }) === null;
    if (!canBeSeen || !isReady) return scene;
    this.#eye ??= await host.attach(facts.id);
    const screen = readInput(this.#eye.screen);
    if (isTyping && scene.sent !== null && isInInput(message.text, screen, scene.inputMark)) this.#seen = message.id;
    const status = deriveStatus(statusInput(facts, adapter, [...screen.rows], words, clock()));
    return { ...scene, screen, status, wasSeen: this.#seen === message.id, leftover: this.#leftoverOf(message) };
  }

  #leftoverOf({ id }: Message): string | null {
    const earlier = this.#options.context.store.messages.list(this.#session).findLast((other) => other.id < id);
    return earlier?.state === 'failed' && earlier.typedAt !== null ? earlier.text : null;
  }

  #eyeRows(): string[] | null {
    return this.#eye && [...readInput(this.#eye.screen).rows];
  }

  /** The newest input of a message, by the host and by what this process did. */
  #sentOf(message: Message, { marked }: SessionFacts): MessageScene['sent'] {
    const { id, state } = message;
    // What was typed before it went back into the queue is no more.
    if (state === 'queued') return null;
    const own = this.#typed?.message === id ? this.#typed.sent : null;
    const [mark, step] = marked?.mark.split('/') ?? [];
    const isHost = mark === markOf(message) && isSentStep(step);
    const kept = isHost && marked ? { step, at: marked.at } : null;
    if (own && kept) return own.at > kept.at ? own : kept;
    if (own || kept) return own ?? kept;
    return marked === undefined ? 'unknown' : null;
  }

  /** False: nothing was done, since the message was changed meanwhile (taken back, or given to another step). */
  async #do(step: MessageStep, scene: MessageScene): Promise<boolean> {
    const { message, now } = scene;
    switch (step.do) {
      case 'wait':
        if (step.note !== message.note) this.#change(message, { state: message.state, note: step.note });
        return false;
      case 'become': {
        const times = { accepted: { acceptedAt: step.at }, answered: { answeredAt: step.at } };
        const time = step.state === 'accepted' || step.state === 'answered' ? times[step.state] : {};
        return this.#change(message, { state: step.state, note: step.note, ...time });
      }
      case 'type':
        return this.#typeText(scene, message.state === 'typing' ? (message.typedAt ?? now) : now);
      case 'enter':
        if (!this.#change(message, { state: 'typed' })) return false;
        return this.#type(message, 'enter', enter);
      case 'again':
        return this.#type(message, 'again', enter);
    }
  }

  async #typeText(scene: MessageScene, typedAt: number): Promise<boolean> {
    const { message, facts, screen } = scene;
    const adapter = this.#options.context.agents.adapterOfOrNull(facts.labels.agent ?? '');
    const attachesPictures = adapter?.attachesPictures ?? false;
    if (message.state === 'queued') await this.#options.beforePrompt(this.#session);
    if (!this.#change(message, { state: 'typing', typedAt })) return false;
    this.#typed = null;
    this.#typings.set(message.id, (this.#typings.get(message.id) ?? 0) + 1);
    const keys = textKeys(message.text, screen?.isPasteOn ?? false, attachesPictures);
    const emptyAfter = isSeenEmpty(scene) ? facts.lastInputAt : null;
    return this.#type({ ...message, typedAt }, 'text', keys, emptyAfter);
  }

  /** Types keys, once. A draft that was begun in this moment sends the message back into the queue. */
  async #type(
    message: Message,
    step: SentInput['step'],
    keys: string,
    emptyAfter: number | null = null,
  ): Promise<boolean> {
    const mark = `${markOf(message)}/${step}`;
    // Before it: on a busy machine the program has answered to a key before the host has told that it is typed.
    const at = this.#options.clock();
    try {
      await this.#options.host.send(this.#session, keys, { mark, yieldsToDraft: step === 'text', emptyAfter });
      this.#typed = { message: message.id, sent: { step, at } };
      return true;
    } catch (failure) {
      const error = asForgeError(failure);
      if (error.code !== 'session.waiting' || step !== 'text') throw failure;
      this.#options.context.store.messages.change(message.id, ['typing'], { state: 'queued', note: error.message });
      this.#options.onChange();
      return false;
    }
  }

  #change({ id, state }: Message, change: MessageChange): boolean {
    const from: MessageState[] = change.state === 'typing' ? ['queued', 'typing'] : [state];
    if (!this.#options.context.store.messages.change(id, from, change)) return false;
    if (change.state !== state) {
      this.#options.log(`${this.#session}: message ${id} is ${change.state}${change.note ? ` (${change.note})` : ''}`);
    }
    this.#options.onChange();
    return true;
  }

  #closeEye(): void {
    this.#eye?.dispose();
    this.#eye = null;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#closeEye();
  }
}

/** In this session or another. */
function mayGoOn({ status }: Run): boolean {
  return status === 'preparing' || status === 'paused' || hasAgentAtWork(status);
}

/** By the time too: a store that was made anew counts from 1 again, and what was deleted is typed once more. */
function markOf({ id, typedAt }: Message): string {
  return `${id}.${typedAt}`;
}

function isSentStep(step: string | undefined): step is SentInput['step'] {
  return step === 'text' || step === 'enter' || step === 'again';
}
