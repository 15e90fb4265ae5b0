import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable.ts';
import type { Span } from './read-highlight.ts';

export interface HighlightRequest {
  id: number;
  /** As the end of a file's name: `ts`. */
  language: string;
  texts: string[];
}

/** The spans of each line of each text; empty: the language is not known. */
export interface HighlightReply {
  id: number;
  spans: Span[][][];
}

/** Longer than this no answer is waited for, in ms: usual ones come after 5, and the first one after 100. */
const answerMs = 2_000;
const heapMbMax = 128;

/** Asks the thread that knows the colours of languages, one thing after the other, and ends it when it does not answer. */
export class HighlightThread implements Disposable {
  readonly #program: URL;
  #worker: Worker | null = null;
  #id = 0;
  /** A language of which a text took too long is not asked about again. */
  readonly #slow = new Set<string>();

  constructor(program: URL) {
    this.#program = program;
  }

  /** Empty when the language is not known, or takes too long. */
  ask(language: string, texts: string[]): Promise<Span[][][]> {
    if (this.#slow.has(language)) return Promise.resolve([]);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#id;
    return new Promise((resolve) => {
      const over = (spans: Span[][][]) => {
        clearTimeout(late);
        worker.off('message', heard);
        worker.off('exit', ended);
        resolve(spans);
      };
      const ended = () => over([]);
      const heard = (reply: HighlightReply) => reply.id === id && over(reply.spans);
      const late = setTimeout(() => {
        this.#slow.add(language);
        void worker.terminate();
      }, answerMs);
      worker.on('message', heard).on('exit', ended);
      worker.postMessage({ id, language, texts } satisfies HighlightRequest);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { resourceLimits: { maxOldGenerationSizeMb: heapMbMax } });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    // Its end follows, and is all that matters: there are no colours then.
    worker.on('error', () => {});
    // It must not keep a dashboard that is left.
    worker.unref();
    return worker;
  }

  dispose(): void {
    void this.#worker?.terminate();
    this.#worker = null;
  }
}
