import type { ScreenFactory } from '../../ports/screen.ts';

/** Makes emulators; their program is loaded with the first that is needed, since that takes as long as a frame. */
export class LateScreens {
  readonly #load: () => Promise<ScreenFactory>;
  #loading: Promise<ScreenFactory> | null = null;
  #factory: ScreenFactory | null = null;

  constructor(screens: ScreenFactory | (() => Promise<ScreenFactory>)) {
    this.#load = typeof screens === 'function' ? screens : () => Promise.resolve(screens);
    if (typeof screens !== 'function') this.#factory = screens;
  }

  /** Null until it is loaded. */
  get factory(): ScreenFactory | null {
    return this.#factory;
  }

  async load(): Promise<void> {
    this.#loading ??= this.#load();
    try {
      this.#factory = await this.#loading;
    } finally {
      this.#loading = null;
    }
  }
}
