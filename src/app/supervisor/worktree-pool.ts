import { join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import { asForgeError } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { portVariables } from '../../domain/ports.ts';
import { poolFolder } from '../../domain/worktree-notes.ts';
import type { Worktree } from '../../ports/git.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';

/** How often it is looked whether those that are ready still are what a new worktree would be, in ms. */
const lookMs = 10_000;

/** A remote is asked for a newer base no more often than that, in ms. */
const fetchMs = 5 * 60_000;

export interface WorktreePoolOptions {
  context: OperationContext;
  setup: WorktreeSetup;
  /** Folder that this project's worktrees are made in. */
  worktrees: string;
  log: (line: string) => void;
}

/** Worktrees that are made ahead, ready but for a branch. None is ever given out twice, or comes back. */
export class WorktreePool implements Disposable {
  readonly #options: WorktreePoolOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #stop = new AbortController();
  /** Those that are being handed over. */
  readonly #taken = new Set<string>();
  #looking = false;
  #lookAgain = false;
  #base: { wish: string; commit: string; at: number } | null = null;
  /** What could not be made ready: tried again when that changes. */
  #failed: string | null = null;

  constructor(options: WorktreePoolOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.look(), lookMs).unref();
  }

  /** Makes true, in the background, that as many are ready as the settings say. */
  look(): void {
    this.#lookAgain = true;
    if (this.#looking || this.#stop.signal.aborted) return;
    this.#looking = true;
    void this.#fill().finally(() => {
      this.#looking = false;
    });
  }

  /** One that is ready, now at `path` on `branch`; null: a worktree is to be made. `base` null: the HEAD of the main checkout. */
  async take(path: string, branch: string, base: string | null): Promise<Worktree | null> {
    const { context, setup, worktrees } = this.#options;
    if (context.settings.worktrees.pool === 0) return null;
    const key = await this.#key();
    const ready = context.git.worktrees.ahead(worktrees).filter((ahead) => !this.#taken.has(ahead.path));
    const found = ready.find((ahead) => ahead.key === key);
    if (!found) return null;
    this.#taken.add(found.path);
    try {
      const moved = () => setup.moved(found.path, path);
      const taken = await context.git.worktrees.takeAhead(found.path, path, branch, base, moved).catch((failure) => {
        this.#options.log(`${found.path} could not be handed over: ${asForgeError(failure).message}`);
        return null;
      });
      if (!taken) await this.#remove(found.path);
      return taken;
    } finally {
      this.#taken.delete(found.path);
      this.look();
    }
  }

  async #fill(): Promise<void> {
    const { log } = this.#options;
    while (this.#lookAgain && !this.#stop.signal.aborted) {
      this.#lookAgain = false;
      try {
        if (await this.#step()) this.#lookAgain = true;
      } catch (failure) {
        if (!this.#stop.signal.aborted) log(`worktrees made ahead: ${asForgeError(failure).message}`);
      }
    }
  }

  /** Removes what is of no use any more, or makes one more. False: there is nothing to do. */
  async #step(): Promise<boolean> {
    const { context, setup, worktrees } = this.#options;
    const { git, settings, project } = context;
    const { pool } = settings.worktrees;
    const present = git.worktrees.ahead(worktrees).filter(({ path }) => !this.#taken.has(path));
    if (pool === 0 && present.length === 0) return false;
    const key = pool === 0 ? null : await this.#key();
    const base = pool === 0 ? null : await this.#freshBase();
    const good = present
      .filter((ahead) => ahead.key !== null && ahead.key === key && ahead.base === base)
      .slice(0, pool);
    const useless = present.find((ahead) => !good.includes(ahead));
    if (useless) {
      await this.#remove(useless.path);
      return true;
    }
    if (key === null || base === null || good.length >= pool || this.#failed === `${key} ${base}`) return false;
    const path = join(worktrees, poolFolder, randomId(8));
    this.#taken.add(path);
    try {
      await git.worktrees.makeAhead(path, base);
      const copy = [...settings.worktrees.copy, ...(await git.includedFiles())];
      const env = portVariables(await setup.ports(path, settings.worktrees.ports));
      await setup.prepare(path, project.root, { copy, setup: settings.worktrees.setup, env }, this.#stop.signal);
      await git.worktrees.setReady(path, key);
    } catch (failure) {
      this.#failed = `${key} ${base}`;
      await this.#remove(path).catch(() => {});
      throw failure;
    } finally {
      this.#taken.delete(path);
    }
    return true;
  }

  async #remove(path: string): Promise<void> {
    const { context, setup } = this.#options;
    // A setup command that a killed Forge left running there would go on writing.
    await setup.tearDown(path, [], {});
    await context.git.worktrees.remove(path, null);
  }

  /** By what a new worktree would be made, but for its base. */
  async #key(): Promise<string> {
    const { context, setup } = this.#options;
    const { setup: commands, copy, ports } = context.settings.worktrees;
    const files = [...copy, ...(await context.git.includedFiles())];
    return JSON.stringify([commands, ports, setup.stamps(context.project.root, files)]);
  }

  async #freshBase(): Promise<string> {
    const { context } = this.#options;
    const { base: wish } = context.settings.worktrees;
    const { worktrees } = context.git;
    if (wish === 'head') return worktrees.head();
    if (this.#base?.wish !== wish || performance.now() - this.#base.at > fetchMs) {
      const { commit, note } = await worktrees.freshBase(wish);
      // Out of reach of the remote what was fetched before is as good as what is here.
      const earlier = note !== null && this.#base?.wish === wish ? this.#base.commit : null;
      this.#base = { wish, commit: earlier ?? commit ?? (await worktrees.head()), at: performance.now() };
    }
    return this.#base.commit;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }
}
