import { counted } from '../../base/counted.ts';
import { asForgeError } from '../../base/errors.ts';
import type { Run } from '../../domain/run.ts';
import type { RunFiles } from '../../ports/run-files.ts';
import type { OperationContext } from '../context.ts';
import { isOld } from '../operations/run/read.ts';
import type { HostLink } from './host-link.ts';
import type { PruneStep, WorktreeControl } from './worktree-control.ts';

/** How often it is looked for old runs, in ms. */
const lookMs = 60 * 60_000;

export interface OldRunsOptions {
  context: OperationContext;
  host: Pick<HostLink, 'forget'>;
  files: RunFiles;
  worktrees: Pick<WorktreeControl, 'plan' | 'remove'>;
  log: (line: string) => void;
}

/**
 * Cleans up after runs that ended well long ago: their worktrees (as `forge worktree prune` does), recordings and files. The
 * runs and their histories stay.
 */
export class OldRuns {
  readonly #options: OldRunsOptions;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OldRunsOptions) {
    this.#options = options;
  }

  /** Safe to call often. */
  async look(): Promise<void> {
    const { context, log } = this.#options;
    if (context.clock() - this.#lookedAt < lookMs) return;
    this.#lookedAt = context.clock();
    for (const run of context.store.runs.list()) {
      if (!isOld(context, run) || isCleaned(context, run)) continue;
      try {
        await this.#clean(run);
      } catch (failure) {
        // It stays, and is tried again.
        log(`${run.id}: not cleaned up: ${asForgeError(failure).message}`);
      }
    }
  }

  /** What is left of it is removed again when it was killed in its middle: the note comes last. */
  async #clean(run: Run): Promise<void> {
    const { context, host, files, log } = this.#options;
    const { runs } = context.store;
    const removed = await this.#removeWorktree(run);
    const sessions = new Set([run.session, ...runs.events(run.id).flatMap(({ payload }) => named(payload.session))]);
    for (const session of sessions) await host.forget(session);
    files.remove(run.id);
    const words = removed === null ? '' : `, its worktree ${removed}`;
    const reason = `Cleaned up: the recordings of ${counted(sessions.size, 'session')}${words}.`;
    runs.note(run.id, { type: 'run.cleaned', reason });
    log(`${run.id}: ${reason}`);
  }

  async #removeWorktree(run: Run): Promise<string | null> {
    const { worktrees } = this.#options;
    const [step] = run.worktree === null ? [] : await worktrees.plan([run.worktree]).catch(noneWhenMissing);
    // A later run of the task has it, or it has a reason to stay.
    if (step?.run !== run.id || step.stays !== null) return null;
    const { path, kept } = await worktrees.remove(step.path);
    return kept === null ? path : `${path}, kept at ${kept}`;
  }
}

function noneWhenMissing(failure: unknown): PruneStep[] {
  if (asForgeError(failure).code === 'worktree.missing') return [];
  throw failure;
}

function isCleaned({ store }: OperationContext, run: Run): boolean {
  return store.runs.events(run.id).some(({ type }) => type === 'run.cleaned');
}

function named(session: unknown): string[] {
  return typeof session === 'string' ? [session] : [];
}
