import { asForgeError } from '../../base/errors.ts';
import type { CodeHost, PullRequest } from '../../ports/code-host.ts';
import type { Delivered, MergeOutcome } from '../../ports/delivery.ts';
import type { GitCall } from '../run-git.ts';
import { scratchRepository } from '../scratch-repository.ts';
import { targetRefs } from './refs.ts';
import { wasMerged } from './was-merged.ts';

/** How often a code host is asked about one pull request, in ms: it counts its answers. */
const hostLookMs = 60_000;

/** Looks what became of delivered branches: one call of git while no ref has moved. */
export class MergeLook {
  readonly #call: GitCall;
  readonly #codeHost: () => CodeHost | null;
  /** By run: the refs as they were seen last, with which of them nothing had been merged. */
  readonly #seen = new Map<string, Map<string, string>>();
  /** By run: when its pull request is asked about again, in ms of the monotonic clock. */
  readonly #nextAsk = new Map<string, number>();

  /** `call` is in the repository. */
  constructor(call: GitCall, codeHost: () => CodeHost | null) {
    this.#call = call;
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

  async #inRepository({ run, worktree, aim, to, commit, pullRequest }: Delivered): Promise<MergeOutcome | null> {
    const own = `refs/heads/${worktree.branch}`;
    const refs = await targetRefs(this.#call, aim, to.remote, [own]);
    const before = this.#seen.get(run) ?? new Map<string, string>();
    const work = refs.get(own) ?? commit;
    const isSameWork = (before.get(own) ?? commit) === work;
    const moved = [...refs].filter(([name, target]) => name !== own && !(isSameWork && before.get(name) === target));
    for (const [name, target] of moved) {
      const since = isSameWork ? (before.get(name) ?? null) : null;
      if (await this.#wasMerged(target, work, since)) return { type: 'seen', reason: '' };
    }
    this.#seen.set(run, refs);
    // Pushed, it can go on without a branch here.
    if (refs.has(own) || to.push || pullRequest !== null) return null;
    const kept = `Its work is kept: git branch ${worktree.branch} ${commit.slice(0, 12)}`;
    return { type: 'missed', reason: `The branch ${worktree.branch} was deleted before it was merged. ${kept}` };
  }

  async #wasMerged(target: string, work: string, since: string | null): Promise<boolean> {
    const scratch = scratchRepository(this.#call.variables?.GIT_DIR ?? '', this.#call.environment);
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
