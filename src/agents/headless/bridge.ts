import { randomUUID } from 'node:crypto';
import { plainText } from '../../base/text.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import type { AgentRuntime, QuestionAnswer, RuntimeEvent } from '../../ports/agent-runtime.ts';
import { Silence } from './silence.ts';

/** An interrupted program that has not stopped after this long is ended, in ms. */
const interruptMs = 10_000;

export type BridgeState = 'idle' | 'done' | 'failed' | 'working' | 'blocked';

/** What whoever shows a conversation hears of it, beside the events of its program. */
export interface BridgeListener {
  changed(state: BridgeState, kind: '' | 'permission' | 'silence', words: string): void;
  sent(prompt: string): void;
  told(event: RuntimeEvent): void;
  record(report: AgentReport): void;
}

export interface BridgeOptions {
  runtime: AgentRuntime;
  /** How long a program at work may be silent before that is said, in ms. */
  silenceMs: number;
  listener: BridgeListener;
}

interface Question {
  id: string;
  what: string;
}

/**
 * Holds a conversation: one prompt at a time, the others wait; questions one after the other; silence is said. Knows no program
 * and no screen.
 */
export class Bridge {
  readonly #runtime: AgentRuntime;
  readonly #listener: BridgeListener;
  readonly #silence: Silence;
  readonly #queue: string[] = [];
  readonly #questions: Question[] = [];
  #isWorking = false;
  #interrupting: NodeJS.Timeout | null = null;

  constructor({ runtime, silenceMs, listener }: BridgeOptions) {
    this.#runtime = runtime;
    this.#listener = listener;
    this.#silence = new Silence(silenceMs, (words) => listener.changed('blocked', 'silence', words));
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  get isInterrupting(): boolean {
    return this.#interrupting !== null;
  }

  get question(): Question | null {
    return this.#questions[0] ?? null;
  }

  get queued(): readonly string[] {
    return this.#queue;
  }

  /** Sends it, or puts it behind those that wait. With no text the next of those is sent. */
  say(prompt: string): void {
    if (prompt.trim() !== '') this.#queue.push(prompt);
    if (!this.#isWorking) this.#sendNext();
  }

  interrupt(): void {
    if (!this.#isWorking || this.#interrupting) return;
    this.#beginStop();
    this.#runtime.interrupt();
    this.#tellWork();
  }

  answer(answer: QuestionAnswer): void {
    const question = this.#questions.shift();
    if (!question) return;
    this.#listener.told({ type: 'note', text: `${answer === 'yes' ? 'allowed' : 'not allowed'}: ${question.what}` });
    if (answer === 'stop') this.#beginStop();
    this.#runtime.answer(question.id, answer);
    this.#tellWork();
  }

  hear(event: RuntimeEvent): void {
    const now = Date.now();
    if (event.type === 'end' && !this.#isWorking) return;
    // A program may begin by itself, when something that it left running has ended.
    if (!this.#isWorking && (event.type === 'text' || event.type === 'tool' || event.type === 'question'))
      this.#begin();
    if (this.#silence.hear()) this.#tellWork();
    switch (event.type) {
      case 'conversation':
        this.#listener.record({ type: 'conversation', id: event.id });
        break;
      case 'usage': {
        const { model, ...entry } = event.entry;
        if (model !== null) this.#listener.record({ type: 'usage', entry: { ...entry, model, at: now } });
        break;
      }
      case 'limit':
        this.#listener.record({ type: 'limit', until: event.until, reason: plainText(event.reason), at: now });
        break;
      case 'acted':
        this.#listener.record(event.action);
        return;
      case 'question':
        this.#questions.push({ id: event.id, what: event.what });
        break;
      case 'withdrawn':
        this.#withdraw(event.id);
        break;
      case 'end':
        this.#end(event, now);
        return;
    }
    this.#listener.told(event);
    if (event.type === 'question' || event.type === 'withdrawn') this.#tellWork();
  }

  async close(): Promise<void> {
    this.#silence.stop();
    if (this.#interrupting) clearTimeout(this.#interrupting);
    await this.#runtime.close();
  }

  #sendNext(): void {
    const prompt = this.#queue.shift();
    if (prompt === undefined) return;
    this.#listener.sent(prompt);
    this.#begin();
    this.#listener.record({ type: 'prompt', key: randomUUID(), text: prompt, at: Date.now() });
    this.#runtime.send(prompt);
  }

  #begin(): void {
    this.#isWorking = true;
    this.#silence.start();
    this.#tellWork();
  }

  #beginStop(): void {
    this.#interrupting ??= setTimeout(() => void this.#giveUp(), interruptMs);
  }

  #withdraw(id: string): void {
    const at = this.#questions.findIndex((question) => question.id === id);
    if (at >= 0) this.#questions.splice(at, 1);
  }

  #end(event: Extract<RuntimeEvent, { type: 'end' }>, at: number): void {
    this.#isWorking = false;
    this.#questions.length = 0;
    this.#silence.stop();
    if (this.#interrupting) clearTimeout(this.#interrupting);
    this.#interrupting = null;
    this.#listener.told(event);
    if (event.outcome === 'done') this.#listener.record({ type: 'answer', at });
    // What was to follow an answer that did not come waits for a person.
    if (event.outcome === 'done' && this.#queue.length > 0) this.#sendNext();
    else if (event.outcome === 'failed') this.#listener.changed('failed', '', event.reason);
    else this.#listener.changed(event.outcome === 'done' ? 'done' : 'idle', '', '');
  }

  #tellWork(): void {
    const { question } = this;
    if (question) {
      this.#silence.stop();
      this.#listener.changed('blocked', 'permission', question.what);
    } else {
      if (this.#isWorking) this.#silence.start();
      this.#listener.changed('working', '', '');
    }
  }

  async #giveUp(): Promise<void> {
    await this.#runtime.close();
    this.hear({ type: 'note', text: `did not stop in ${interruptMs / 1_000} s and was ended` });
    this.hear({ type: 'end', outcome: 'interrupted', reason: '' });
  }
}
