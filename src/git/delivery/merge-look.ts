import { asForgeError } from '../../base/errors.ts';
import type { CodeHost, PullRequest } from '../../ports/code-host.ts';
import type { Delivered, MergeOutcome } from '../../ports/delivery.ts';
import type { GitCall } from '../run-git.ts';
import { scratchRepository } from '../scratch-repository.ts';
import { refStamp } from './ref-stamp.ts';
import { targetNames, targetRefs } from './refs.ts';
import { wasMerged } from './was-merged.ts';

/** How often a code host is asked about one pull request, in ms: it counts its answers. */
const hostLookMs = 60_000;

interface Seen {
  stamp: string;
  /** The refs as they were, with none of which the work had been merged. */
  refs: ReadonlyMap<string, string>;
  outcome: MergeOutcome | null;
}

/** Looks what became of delivered branches: no git is started while no ref has moved. */
export class MergeLook {
  readonly #call: GitCall;
  readonly #commonDir: string;
  readonly #codeHost: () => CodeHost | null;
  /** By run. */
  readonly #seen = new Map<string, Seen>();
  /** By run: when its pull request is asked about again, in ms of the monotonic clock. */
  readonly #nextAsk = new Map<string, number>();

  /** `call` is in the repository. */
  constructor(call: GitCall, commonDir: string, codeHost: () => CodeHost | null) {
    this.#call = call;
    this.#commonDir = commonDir;
    this.#codeHost = codeHost;
  }

  async at(delivered: Delivered): Promise<MergeOutcome | null> {
    const { run, worktree } = delivered;
    const outcome = (await this.#inRepository(delivered)) ?? (await this.#atHost(delivered));
    if (outcome?.type !== 'seen') return outcome;
    this.#seen.delete(run);
    this.#nextAsk.delete(run);
    return { ...outcome, reason: `${worktree.branch} was merged. ${outcome.reason}`.trim() };
  }

  async #inRepository(delivered: Delivered): Promise<MergeOutcome | null> {
    const { run, worktree, aim, to } = delivered;
    const own = `refs/heads/${worktree.branch}`;
    const stamp = refStamp(this.#commonDir, [own, ...targetNames(aim.branch, to.remote)]);
    const before = this.#seen.get(run);
    if (before?.stamp === stamp) return before.outcome;
    const refs = await targetRefs(this.#call, aim, to.remote, [own]);
    const work = refs.get(own) ?? delivered.commit;
    const known = (before?.refs.get(own) ?? delivered.commit) === work ? before?.refs : undefined;
    for (const [name, target] of refs) {
      const since = known?.get(name) ?? null;
      if (name === own || since === target) continue;
      if (await this.#wasMerged(target, work, since)) return { type: 'seen', reason: '' };
    }
    const outcome = refs.has(own) ? null : goneOutcome(delivered);
    this.#seen.set(run, { stamp, refs, outcome });
    return outcome;
  }

  async #wasMerged(target: string, work: string, since: string | null): Promise<boolean> {
    const scratch = scratchRepository(this.#commonDir, this.#call.environment);
    try {
      return await wasMerged(scratch.call, target, work, since);
    } finally {
      scratch.dispose();
    }
  }

  async #atHost({ run, worktree, aim, pullRequest }: Delivered): Promise<MergeOutcome | null> {
    const host = this.#codeHost();
    const now = performance.now();
    if (pullRequest === null || aim.url === null || host === null || now < (this.#nextAsk.get(run) ?? 0)) return null;
    this.#nextAsk.set(run, now + hostLookMs);
    const found = await host.find(aim.url, worktree.branch).catch((failure: unknown) => asForgeError(failure));
    if (found instanceof Error) return { type: 'missed', reason: found.sentence };
    return found === null ? null : outcomes[found.state](pullRequest);
  }
}

const outcomes: Record<PullRequest['state'], (url: string) => MergeOutcome | null> = {
  open: () => null,
  merged: (url) => ({ type: 'seen', reason: url }),
  closed: (url) => ({ type: 'missed', reason: `The pull request was closed and not merged: ${url}` }),
};

/** The branch is not there any more. Pushed, its work can go on without it. */
function goneOutcome({ worktree, to, commit, pullRequest }: Delivered): MergeOutcome | null {
  if (to.push || pullRequest !== null) return null;
  const kept = `Its work is kept: git branch ${worktree.branch} ${commit.slice(0, 12)}`;
  return { type: 'missed', reason: `The branch ${worktree.branch} was deleted before it was merged. ${kept}` };
}
