import type { Run, RunEvent } from '../../../domain/run.ts';
import type { Aim } from '../../../ports/delivery.ts';
import type { Store } from '../../../ports/store.ts';

/** What the work in the worktree of this run was meant for before an agent began there; null: an earlier version began it. */
export function aimOf(store: Store, { task }: Run): Aim | null {
  return firstAim(
    store,
    (run) => run.task === task,
    () => true,
  );
}

/** The address of the remote as it was before any agent of this project could change it; null: there was none. */
export function firstUrl(store: Store): string | null {
  return (
    firstAim(
      store,
      () => true,
      ({ url }) => url !== null,
    )?.url ?? null
  );
}

function firstAim(store: Store, isMeant: (run: Run) => boolean, isFit: (aim: Aim) => boolean): Aim | null {
  for (const { id } of store.runs
    .list()
    .filter(isMeant)
    .sort((a, b) => a.createdAt - b.createdAt)) {
    const prepared = store.runs.events(id).find(({ type }) => type === 'worktree.prepared');
    const { aim } = (prepared?.payload ?? {}) as { aim?: Aim };
    if (aim && isFit(aim)) return aim;
  }
  return null;
}

/** What earlier deliveries of a run asked about, and a person accepted after that: by accepting the run, or by asking for it again. */
export function acceptedIn(events: readonly RunEvent[]): string[] {
  const approved = events.findLastIndex(({ type }) => type === 'run.approved');
  return events.flatMap(({ type, payload }, at) => {
    const isAccepted = type === 'run.delivered' || (asking.has(type) && at < approved);
    return isAccepted && typeof payload.asks === 'string' ? [payload.asks] : [];
  });
}

const asking: ReadonlySet<string> = new Set(['delivery.conflicted', 'delivery.failed']);

/** Addresses of a remote that were accepted in any run. */
export function acceptedUrls(store: Store): string[] {
  const accepted = store.runs.list().flatMap(({ id }) => acceptedIn(store.runs.events(id)));
  return accepted.filter((asks) => asks.startsWith('url '));
}
