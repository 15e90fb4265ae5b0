import { join } from 'node:path';
import { slug } from '../../base/ids.ts';
import { inTurn } from '../../base/keyed-queue.ts';
import { portVariables } from '../../domain/ports.ts';
import type { Run } from '../../domain/run.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Worktree } from '../../ports/git.ts';
import type { WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { OperationContext } from '../context.ts';
import { worktreeOf } from '../operations/run/read.ts';
import { forkOf } from './fork-run.ts';
import type { WorktreePool } from './worktree-pool.ts';

export interface WorktreeMakerOptions {
  context: OperationContext;
  setup: WorktreeSetup;
  /** Folder that this project's worktrees are made in. */
  worktrees: string;
  pool: Pick<WorktreePool, 'take'>;
  /** Until then what a killed Forge left is being put right. */
  reconciled: Promise<void>;
}

/** Gives runs their worktrees: adopted, taken from those made ahead, or made, with files copied and setup commands done. */
export class WorktreeMaker {
  readonly #options: WorktreeMakerOptions;

  constructor(options: WorktreeMakerOptions) {
    this.#options = options;
  }

  /** Safe to repeat after a kill at any instant. Setup commands end when `signal` aborts. */
  async make(run: Run, signal: AbortSignal): Promise<Worktree> {
    const { context, worktrees, reconciled } = this.#options;
    await reconciled;
    const recorded = recordedOf(context, run);
    const path = recorded?.path ?? join(worktrees, run.task);
    // Not while it is being removed.
    return inTurn(`run ${path}`, () => this.#make(run, path, recorded, signal));
  }

  /** One of that name that no run has: for work that spans this project and another one. Safe to repeat. */
  async makeFree(name: string): Promise<Worktree> {
    const { context, worktrees, reconciled } = this.#options;
    const { git, settings } = context;
    await reconciled;
    const path = join(worktrees, name);
    return inTurn(`run ${path}`, async () => {
      const noted = git.worktrees.noted(path);
      const base = noted ? null : (await git.worktrees.freshBase(settings.worktrees.base)).commit;
      const branch = noted?.branch ?? (settings.mode === 'standard' ? `forge/${name}` : name);
      const recorded = noted?.state === 'made' ? { path, branch, base: noted.base } : null;
      const made = await git.ensureWorktree(path, branch, { recorded, base: base ?? undefined });
      if (!git.worktrees.isPrepared(path)) await this.#prepare(path, new AbortController().signal);
      return made;
    });
  }

  async #make(run: Run, path: string, recorded: Worktree | null, signal: AbortSignal): Promise<Worktree> {
    const { context, pool } = this.#options;
    const { git, store, settings } = context;
    const fork = forkOf(store, run.id)?.fork;
    const noted = git.worktrees.noted(path);
    const isThere = noted?.state === 'made';
    // One that no run knows any more, since the database was lost, is gone on with.
    const known = recorded ?? (isThere ? { path, branch: noted.branch, base: noted.base } : null);
    const task = store.tasks.get(run.task);
    const branch = known?.branch ?? noted?.branch ?? branchName(task.id, task.title, settings.mode);
    const base = isThere || fork ? null : await this.#freshBase(run);
    const taken = noted || recorded || fork ? null : await pool.take(path, branch, base);
    const wish = { recorded: known, base: base ?? undefined, content: fork?.content };
    const made = taken ?? (await git.ensureWorktree(path, branch, wish));
    if (!taken && !(git.worktrees.isPrepared(path) ?? recorded !== null)) await this.#prepare(path, signal);
    return fork && !recorded ? { ...made, base: fork.base } : made;
  }

  async #freshBase(run: Run): Promise<string | null> {
    const { git, settings, store } = this.#options.context;
    const { commit, note } = await git.worktrees.freshBase(settings.worktrees.base);
    if (note !== null) store.runs.note(run.id, { type: 'worktree.base', reason: note });
    return commit;
  }

  async #prepare(path: string, signal: AbortSignal): Promise<void> {
    const { context, setup } = this.#options;
    const { git, settings, project } = context;
    const copy = [...settings.worktrees.copy, ...(await git.includedFiles())];
    const env = portVariables(await setup.ports(path, settings.worktrees.ports));
    await setup.prepare(path, project.root, { copy, setup: settings.worktrees.setup, env }, signal);
    git.worktrees.setPrepared(path);
  }
}

/** What the newest run of the task had that came so far. */
function recordedOf({ store }: OperationContext, run: Run): Worktree | null {
  const earlier = store.runs.list().filter((other) => other.task === run.task && other.worktree !== null);
  const newest = earlier.sort((a, b) => a.createdAt - b.createdAt).at(-1);
  return newest ? worktreeOf(newest) : null;
}

/**
 * The branch of a task. In a repository that is shared in stealth its name carries no mark of Forge: it is what a person
 * could have typed.
 */
function branchName(task: string, title: string, mode: Settings['mode']): string {
  if (mode === 'standard') return `forge/${task}`;
  return [slug(title), task.split('-').at(-1)].filter(Boolean).join('-');
}
