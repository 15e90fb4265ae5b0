import { normalize } from 'node:path';
import { asForgeError } from '../../base/errors.ts';
import type { Run, RunEvent } from '../../domain/run.ts';
import type { RunEventOf, RunMachineEvent } from '../../machines/run-events.ts';
import type { Aim, Delivery, DeliveryRequest } from '../../ports/delivery.ts';
import type { Worktree } from '../../ports/git.ts';
import type { OperationContext } from '../context.ts';
import { aimOf } from '../operations/run/aim.ts';
import { placeOf, worktreeOf } from '../operations/run/read.ts';
import { completionOf, gatesOf } from './completion.ts';
import type { RunEffects } from './run-effects.ts';

export interface DeliveryEffectsOptions {
  context: OperationContext;
  delivery: Delivery;
  work: RunEffects;
  onEvent: (run: string, event: RunMachineEvent) => void;
}

/** Makes true that the work of a run is out, and looks whether it was merged. Each is safe to repeat. */
export class DeliveryEffects {
  readonly #options: DeliveryEffectsOptions;

  constructor(options: DeliveryEffectsOptions) {
    this.#options = options;
  }

  async delivery(run: Run): Promise<void> {
    const { context, delivery, work, onEvent } = this.#options;
    // What is delivered does not change under it.
    await work.endSessions(run);
    const { delivery: kind } = completionOf(context, run);
    if (kind === 'none') {
      return onEvent(run.id, { type: 'delivery.done', reason: '', awaits: false, commit: null });
    }
    const worktree = placeOf(run);
    const outcome = await this.#request(run, kind, worktree)
      .then((request) => delivery.deliver(request))
      .catch((failure: unknown) => ({ type: 'failed' as const, reason: asForgeError(failure).sentence }));
    context.store.runs.setDiffStat(run.id, await context.git.diffStat(worktree));
    onEvent(run.id, { ...outcome, type: `delivery.${outcome.type}` } as RunMachineEvent);
  }

  async #request(run: Run, kind: DeliveryRequest['kind'], worktree: Worktree): Promise<DeliveryRequest> {
    const { context } = this.#options;
    const { store, settings, git } = context;
    const { deliverTo: to, deliveryTemplates: templates, mode } = settings;
    const events = store.runs.events(run.id);
    const gated = events.findLast(({ type }) => type === 'gates.passed' || type === 'gates.failed');
    const copied = [...settings.worktrees.copy, ...(await git.includedFiles())].map(normalize);
    return {
      ...{ kind, run: run.id, task: store.tasks.get(run.task), worktree, to, templates, copied },
      aim: await this.#aim(run),
      isStealth: mode !== 'standard',
      gates: gated?.type === 'gates.passed' ? gatesOf(context, run).map(({ name }) => name) : [],
      others: store.runs.live().flatMap((other) => (other.id === run.id ? [] : (worktreeOf(other) ?? []))),
      accepted: acceptedOf(events),
    };
  }

  async #aim(run: Run): Promise<Aim> {
    const { context, delivery } = this.#options;
    const { deliverTo } = context.settings;
    const known = aimOf(context.store, run) ?? (await delivery.aim(deliverTo));
    return { ...known, branch: deliverTo.branch ?? known.branch };
  }

  async merge(run: Run): Promise<void> {
    const { context, delivery, work, onEvent } = this.#options;
    await work.endSessions(run);
    const done = context.store.runs.events(run.id).findLast(({ type }) => type === 'delivery.done');
    const { commit = null, pullRequest = null } = (done?.payload ?? {}) as Partial<RunEventOf<'delivery.done'>>;
    if (commit === null) return;
    const aim = await this.#aim(run);
    const { deliverTo: to } = context.settings;
    const outcome = await delivery.merged({ run: run.id, worktree: placeOf(run), aim, to, commit, pullRequest });
    if (outcome === null || (outcome.type === 'missed' && outcome.reason === run.reason)) return;
    onEvent(run.id, { type: `merge.${outcome.type}`, reason: outcome.reason });
  }
}

/** What earlier deliveries of the run asked about, and a person accepted after that. */
export function acceptedOf(events: readonly RunEvent[]): string[] {
  const approved = events.findLastIndex(({ type }) => type === 'run.approved');
  return events.slice(0, Math.max(0, approved)).flatMap(({ type, payload }) => {
    const isAsking = type === 'delivery.conflicted' || type === 'delivery.failed';
    return isAsking && typeof payload.asks === 'string' ? [payload.asks] : [];
  });
}
