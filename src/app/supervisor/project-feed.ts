import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { ProjectView } from '../views/project-view.ts';

/** Changes are gathered this long before a view is sent, in ms. */
const gatherMs = 30;

/** Times of output and input, and ages of states, are sent in steps of this many ms: busy agents change them all the time. */
const timeStepMs = 5_000;
const stepped = new Set(['lastOutputAt', 'lastInputAt', 'since', 'at']);

/** Tells those who watch a project its view, and from then on the slices that differ from what they were told. */
export class ProjectFeed implements Disposable {
  readonly #view: () => Promise<Partial<ProjectView>>;
  readonly #log: (line: string) => void;
  readonly #watchers = new Emitter<Partial<ProjectView>>();
  #sent: Record<string, string> = {};
  #last: Partial<ProjectView> = {};
  #timer: NodeJS.Timeout | null = null;

  /** `view` gives the same object for a slice as long as it knows that nothing of it has changed. */
  constructor(view: () => Promise<Partial<ProjectView>>, log: (line: string) => void) {
    this.#view = view;
    this.#log = log;
  }

  async watch(listener: (slices: Partial<ProjectView>) => void): Promise<Disposable> {
    // Sent to the others too: from now on all of them get what differs from this.
    await this.#send();
    listener(this.#last);
    return this.#watchers.on(listener);
  }

  /** Something of it may have changed. */
  changed(): void {
    if (this.#timer || this.#watchers.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#send().catch((failure: unknown) => this.#log(`view: ${(failure as Error).message}`));
    }, gatherMs);
  }

  async #send(): Promise<void> {
    const view = await this.#view();
    const before = this.#last;
    this.#last = view;
    const changed = Object.entries(view).filter(([name, slice]) => {
      if (before[name as keyof ProjectView] === slice) return false;
      const text = JSON.stringify(slice, inSteps);
      if (this.#sent[name] === text) return false;
      this.#sent[name] = text;
      return true;
    });
    if (changed.length > 0) this.#watchers.emit(Object.fromEntries(changed));
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}

/** For `JSON.stringify`: what is new only by less than a step is no change. */
function inSteps(name: string, value: unknown): unknown {
  return typeof value === 'number' && stepped.has(name) ? Math.floor(value / timeStepMs) : value;
}
