import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ForgeError } from '../../base/errors.ts';
import { idPattern } from '../../base/ids.ts';
import { inTurn } from '../../base/keyed-queue.ts';
import { refOf } from '../../domain/checkpoint.ts';
import { portVariables } from '../../domain/ports.ts';
import { isRunEnded, type Run } from '../../domain/run.ts';
import type { Worktree } from '../../ports/git.ts';
import type { Occupant, WorktreeSetup } from '../../ports/worktree-setup.ts';
import type { MadeWorktree } from '../../ports/worktrees.ts';
import type { OperationContext } from '../context.ts';
import type { CheckpointControl } from './checkpoint-control.ts';
import type { PruneStep, RemovedWorktree, WorktreeControl, WorktreeRow } from './worktree-control.ts';
import type { WorktreeMaker } from './worktree-maker.ts';

/** How long git in a worktree is waited for: so often, after so many ms each. */
const gitLooksMax = 30;
const gitLookMs = 100;

/** How many worktrees are looked at at once. */
const atOnceMax = 4;

type Row = Omit<WorktreeRow, 'bytes'>;

export interface WorktreeKeeperOptions {
  context: OperationContext;
  setup: WorktreeSetup;
  /** Folder that this project's worktrees are made in. */
  worktrees: string;
  checkpoints: Pick<CheckpointControl, 'keep'>;
  maker: Pick<WorktreeMaker, 'makeFree'>;
}

/** Tells how the worktrees of a project stand, and removes those that nobody needs, with what was in them kept. */
export class WorktreeKeeper implements WorktreeControl {
  readonly #options: WorktreeKeeperOptions;

  constructor(options: WorktreeKeeperOptions) {
    this.#options = options;
  }

  list(): Promise<WorktreeRow[]> {
    const { setup } = this.#options;
    return someAtOnce(this.#made(), async (made) => {
      const [row, bytes] = await Promise.all([this.#row(made), setup.size(made.path)]);
      return { ...row, bytes };
    });
  }

  make(name: string): Promise<Worktree> {
    return this.#options.maker.makeFree(name);
  }

  ahead(): number {
    const { context, worktrees } = this.#options;
    return context.git.worktrees.ahead(worktrees).filter(({ key }) => key !== null).length;
  }

  async plan(names: readonly string[]): Promise<PruneStep[]> {
    const made = this.#made();
    for (const name of names) {
      if (!made.some((one) => isNamed(one, name)))
        throw new ForgeError('worktree.missing', `There is no worktree ${name}.`);
    }
    const meant =
      names.length > 0
        ? made.filter((one) => names.some((name) => isNamed(one, name)))
        : made.filter((one) => this.#runOf(one) !== null);
    return someAtOnce(meant, async (one) => stepOf(await this.#row(one)));
  }

  remove(path: string): Promise<RemovedWorktree> {
    // A run of the same task that begins meanwhile waits for it, and gets a new one.
    return inTurn(`run ${path}`, () => this.#remove(path));
  }

  async #remove(path: string): Promise<RemovedWorktree> {
    const { context, setup } = this.#options;
    const { git, settings } = context;
    const made = git.worktrees.noted(path);
    if (!made) throw new ForgeError('worktree.missing', `There is no worktree ${path}.`);
    const row = await this.#row(made);
    const step = stepOf(row);
    refuse(path, step.stays);
    const kept = step.isKept ? await this.#keep(row) : null;
    if (row.isThere && settings.worktrees.teardown.length > 0) {
      const env = portVariables(await setup.ports(path, settings.worktrees.ports));
      await setup.tearDown(path, settings.worktrees.teardown, env);
      refuse(path, occupied(setup.processesIn(path)));
    }
    await git.worktrees.remove(path, step.isBranchRemoved ? row.tip : null);
    if (row.run) context.store.runs.note(row.run, { type: 'worktree.removed', path, kept });
    return { ...step, kept };
  }

  /** With a row of the store where a run knows of it: what is removed later can be found again by that. */
  async #keep(row: Row): Promise<string> {
    const { context, checkpoints } = this.#options;
    const { snapshots, worktrees } = context.git;
    const run = row.run === null ? null : context.store.runs.get(row.run);
    const { commit, leftOut } = await snapshots.take(row, { message: `Work of ${row.task}` });
    // Asked now: what was kept before may have the same content, and had less beside it.
    refuse(row.path, notKept(leftOut));
    if (run?.worktree === row.path) return refOf(await checkpoints.keep(run, 'its worktree was removed'));
    if (!idPattern.test(row.task))
      throw new ForgeError('worktree.kept', `${row.path}: its work cannot be kept under that name.`);
    const kept = await worktrees.freeKept(row.task);
    if (await snapshots.makeRef(kept, commit)) return kept;
    throw new ForgeError('worktree.kept', `${row.path}: something else was kept as ${kept} just now.`);
  }

  /** Those in the folder of the project, and in those where its runs had theirs before it was moved. */
  #made(): MadeWorktree[] {
    const { context, worktrees } = this.#options;
    const paths = context.store.runs.list().flatMap(({ worktree }) => worktree ?? []);
    const folders = new Set([worktrees, ...paths.map((path) => dirname(path))]);
    return [...folders].flatMap((folder) => context.git.worktrees.list(folder));
  }

  async #row(made: MadeWorktree): Promise<Row> {
    const { context, setup } = this.#options;
    const look = await context.git.worktrees.look(made);
    const run = this.#runOf(made);
    return {
      ...made,
      ...look,
      task: basename(made.path),
      run: run?.id ?? null,
      runStatus: run?.status ?? null,
      processes: look.isThere ? await occupantsOf(setup, made.path) : [],
      log: setup.log(made.path)?.file ?? null,
    };
  }

  #runOf({ path }: MadeWorktree): Run | null {
    const { store } = this.#options.context;
    const runs = store.runs.list().filter((run) => run.worktree === path || run.task === basename(path));
    const live = runs.find(({ status }) => !isRunEnded(status));
    return live ?? runs.sort((a, b) => a.createdAt - b.createdAt).at(-1) ?? null;
  }
}

/** Each asks several calls of git. */
async function someAtOnce<From, To>(all: readonly From[], act: (one: From) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (let from = 0; from < all.length; from += atOnceMax) {
    done.push(...(await Promise.all(all.slice(from, from + atOnceMax).map(act))));
  }
  return done;
}

/** Git ends soon, and is often Forge's own, which looks at what a run has left. */
async function occupantsOf(setup: WorktreeSetup, path: string): Promise<Occupant[]> {
  for (let looks = 1; ; looks++) {
    const occupants = setup.processesIn(path);
    if (looks === gitLooksMax || !occupants.some(({ name }) => name === 'git')) return occupants;
    await pause(gitLookMs);
  }
}

function stepOf(row: Row): PruneStep {
  const { path, task, run, branch } = row;
  const isMerged = row.isMerged && row.changed === 0;
  return {
    ...{ path, task, run, branch, stays: whyItStays(row) },
    isKept: row.isThere && !isMerged,
    isBranchRemoved: row.tip !== null && row.isBranchMerged,
  };
}

function whyItStays(row: Row): string | null {
  if (row.runStatus !== null && !isRunEnded(row.runStatus as Run['status']))
    return `run ${row.run} is ${row.runStatus}`;
  if (row.locked !== null) return `it is locked${row.locked && `: ${row.locked}`}`;
  if (row.holds.length > 0) return row.holds.join(' ');
  if (row.isThere && row.changed === null) return 'it could not be looked into; see: git worktree repair';
  return occupied(row.processes);
}

function occupied(processes: WorktreeRow['processes']): string | null {
  const [first] = processes;
  if (!first) return null;
  const others = processes.length > 1 ? ` and ${processes.length - 1} more` : '';
  return `${first.name} (process ${first.pid})${others} works in it`;
}

/** A repository inside it was looked into before: nothing in it is nowhere else. */
function notKept(leftOut: readonly string[]): string | null {
  const lost = leftOut.filter((line) => !line.endsWith('is a repository of its own'));
  return lost.length === 0 ? null : `not all of it can be kept: ${lost.join(', ')}`;
}

function refuse(path: string, stays: string | null): void {
  if (stays !== null) throw new ForgeError('worktree.kept', `${path} stays: ${stays}.`);
}

function isNamed({ path }: MadeWorktree, name: string): boolean {
  return path === name || basename(path) === name;
}
