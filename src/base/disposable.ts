/** Something that holds a resource. Disposing twice does nothing the second time. */
export interface Disposable {
  dispose(): void;
}

/** Calls `release` at the first `dispose()` only. */
export function disposable(release: () => void): Disposable {
  let isDisposed = false;
  return {
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      release();
    },
  };
}

/** Collects disposables and releases them last first; one that is added after the end is released at once. */
export class DisposableStack implements Disposable {
  #items: Disposable[] = [];
  #isDisposed = false;

  use<T extends Disposable>(item: T): T {
    if (this.#isDisposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  defer(release: () => void): void {
    this.use(disposable(release));
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
