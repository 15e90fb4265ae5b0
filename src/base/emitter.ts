import { type Disposable, disposable } from './disposable.ts';

/** A list of listeners for one kind of event. A listener that throws does not keep the others from hearing. */
export class Emitter<T> {
  #listeners = new Set<(event: T) => void>();

  on(listener: (event: T) => void): Disposable {
    this.#listeners.add(listener);
    return disposable(() => this.#listeners.delete(listener));
  }

  emit(event: T): void {
    const failures: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0)
      queueMicrotask(() => {
        throw failures[0];
      });
  }

  get size(): number {
    return this.#listeners.size;
  }
}
