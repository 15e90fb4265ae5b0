import { normalize } from 'node:path';
import { asForgeError, ForgeError } from '../../base/errors.ts';
import { isRunEnded, type Run } from '../../domain/run.ts';
import type { RunEventOf, RunMachineEvent } from '../../machines/run-events.ts';
import type { Aim, Delivery, DeliveryOutcome, DeliveryRequest } from '../../ports/delivery.ts';
import type { Worktree } from '../../ports/git.ts';
import type { OperationContext } from '../context.ts';
import { acceptedIn, acceptedUrls, aimOf, firstUrl } from '../operations/run/aim.ts';
import { placeOf, worktreeOf } from '../operations/run/read.ts';
import { completionOf, gatesOf } from './completion.ts';
import type { RunEffects } from './run-effects.ts';
import { worktreeGone } from './worktree-gone.ts';

export interface DeliveryEffectsOptions {
  context: OperationContext;
  delivery: Delivery;
  work: RunEffects;
  onEvent: (run: string, event: RunMachineEvent) => void;
}

/** Makes true that the work of a run is out, and looks whether it was merged. Each is safe to repeat. */
export class DeliveryEffects {
  readonly #options: DeliveryEffectsOptions;
  /** What is read from the histories of runs once: it never changes. */
  readonly #aims = new Map<string, Aim>();
  #firstUrl: string | null = null;

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
    const gone = worktreeGone(context, run);
    if (gone !== null) return onEvent(run.id, { type: 'delivery.failed', reason: gone });
    const worktree = placeOf(run);
    const outcome = await this.#request(run, kind, worktree)
      .then((request) => delivery.deliver(request))
      .catch((failure: unknown) => ({ type: 'failed' as const, reason: asForgeError(failure).sentence }));
    context.store.runs.setDiffStat(run.id, await context.git.diffStat(worktree));
    onEvent(run.id, { ...named(outcome, run.id), type: `delivery.${outcome.type}` } as RunMachineEvent);
  }

  /** For a run that is over for its agent: what came of it is noted in its history, and changes nothing else. */
  async again(run: Run, wish: DeliveryRequest['kind'] | null, by: string): Promise<DeliveryOutcome> {
    const { context, delivery } = this.#options;
    const { store } = context;
    const kind = wish ?? completionOf(context, run).delivery;
    if (!isRunEnded(run.status) && run.status !== 'awaiting') {
      throw new ForgeError('run.state', `Run ${run.id} is ${run.status}: it is delivered when it is accepted.`, {
        next: `Accept it: forge approve ${run.id}`,
      });
    }
    if (kind === 'none') {
      const next = `Say how: forge deliver ${run.id} --as branch`;
      throw new ForgeError('usage.invalid', 'The settings say that work is not delivered.', { next });
    }
    const other = store.runs.live().find(({ id, task }) => task === run.task && id !== run.id);
    if (other) throw new ForgeError('task.running', `Run ${other.id} works in the worktree of ${run.id}.`);
    const request = await this.#request(run, kind, placeOf(run));
    const outcome = named(await delivery.deliver(request), run.id, 'deliver');
    store.runs.note(run.id, { ...outcome, outcome: outcome.type, kind, by, type: 'run.delivered' });
    return outcome;
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
      accepted: [...acceptedIn(events), ...(kind === 'pr' || to.push ? acceptedUrls(store) : [])],
    };
  }

  async #aim(run: Run): Promise<Aim> {
    const { context, delivery } = this.#options;
    const { deliverTo, worktrees } = context.settings;
    const known =
      this.#aims.get(run.id) ?? aimOf(context.store, run) ?? (await delivery.aim(deliverTo.remote, worktrees.base));
    this.#aims.set(run.id, known);
    this.#firstUrl ??= firstUrl(context.store);
    return { branch: deliverTo.branch ?? known.branch, url: this.#firstUrl ?? known.url };
  }

  async merge(run: Run): Promise<void> {
    const { context, delivery, work, onEvent } = this.#options;
    if (work.aliveOf(run).length > 0) await work.endSessions(run);
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

/** With the command that is the next step for this run. */
function named(outcome: DeliveryOutcome, run: string, verb = 'approve'): DeliveryOutcome {
  if (outcome.type !== 'failed') return outcome;
  return { ...outcome, reason: outcome.reason.replace('forge approve RUN', `forge ${verb} ${run}`) };
}
