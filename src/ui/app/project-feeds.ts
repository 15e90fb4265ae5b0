import { setTimeout as pause } from 'node:timers/promises';
import type { AppClient } from '../../app/client.ts';
import type { ProjectView } from '../../app/views/project-view.ts';
import { type Disposable, DisposableStack } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import type { DashboardModel } from './dashboard-model.ts';
import { NewsBetweenKeys } from './news-between-keys.ts';

/** Pause between two attempts to reach a supervisor that went away, in ms; longer after each that failed. */
const retryMs = 300;
const retryMsMax = 5_000;

export interface ProjectFeedsInput {
  model: DashboardModel;
  /** Starts the supervisor when it does not run. */
  connect: (root: string) => Promise<AppClient>;
  /** Called with the first view of each connection, which is shown when it resolves. */
  beforeShown: (view: Partial<ProjectView>) => Promise<void>;
  /** When a key was pressed last, in ms. */
  typedAt: () => number;
}

/** Keeps the model fed with the projects that are shown, each over a connection of its own. */
export class ProjectFeeds implements Disposable {
  readonly #input: ProjectFeedsInput;
  readonly #feeds = new Map<string, Disposable>();
  #isFirstComing = false;

  constructor(input: ProjectFeedsInput) {
    const beforeShown = (view: Partial<ProjectView>) => {
      this.#isFirstComing = true;
      return input.beforeShown(view);
    };
    this.#input = { ...input, beforeShown };
  }

  /** Resolves when the model has the first view of any project, and when none has come `withinMs`. */
  async firstShown(withinMs: number): Promise<void> {
    const { model } = this.#input;
    const shown = new Promise<void>((resolve) => {
      const stop = model.subscribe(() => {
        if (model.views.length === 0) return;
        stop();
        resolve();
      });
    });
    await Promise.race([shown, pause(withinMs)]);
    if (this.#isFirstComing) await shown;
  }

  /** Of the projects at these checkouts, and no others. */
  show(roots: readonly string[]): void {
    for (const [root, feed] of this.#feeds) {
      if (roots.includes(root)) continue;
      this.#feeds.delete(root);
      feed.dispose();
    }
    for (const root of roots) if (!this.#feeds.has(root)) this.#feeds.set(root, follow(root, this.#input));
  }

  dispose(): void {
    this.show([]);
  }
}

/** Connects, and again when the supervisor went away. */
function follow(root: string, { model, connect, beforeShown, typedAt }: ProjectFeedsInput): Disposable {
  const held = new DisposableStack();
  const news = held.use(new NewsBetweenKeys((slices) => model.receive(slices, root), typedAt));
  let isOver = false;
  let failures = 0;
  let client: AppClient | null = null;
  let timer: NodeJS.Timeout | null = null;
  held.defer(() => {
    isOver = true;
    if (timer) clearTimeout(timer);
    client?.dispose();
  });
  const again = () => {
    // One that went away while its first view was awaited says so twice.
    if (isOver || timer) return;
    timer = setTimeout(
      () => {
        timer = null;
        void open();
      },
      Math.min(retryMsMax, retryMs * 2 ** failures),
    );
  };
  const open = async () => {
    try {
      const reached = await connect(root);
      if (isOver) {
        reached.dispose();
        return;
      }
      client = reached;
      model.connect(reached, root);
      reached.onClose(() => {
        client = null;
        if (isOver) return;
        model.connect(null, root);
        again();
      });
      let isFirst = true;
      let shown = Promise.resolve();
      await reached.watch((slices) => {
        if (isFirst) shown = beforeShown(slices);
        isFirst = false;
        void shown.then(() => news.add(slices));
      });
      failures = 0;
    } catch (failure) {
      if (isOver) return;
      model.fail(root, asForgeError(failure).sentence);
      failures += 1;
      again();
    }
  };
  void open();
  return held;
}
