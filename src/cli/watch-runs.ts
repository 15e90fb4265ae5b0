import { type FollowedView, type Standing, standingOf } from '../app/views/follow-work.ts';
import { isRunEnded, type Run } from '../domain/run.ts';
import type { ForgeCli } from './forge-cli.ts';

/** When nothing has moved for so long, in ms, nothing will: between two steps of a run there may be a moment of rest. */
const calmMs = 2_000;

export interface WatchRequest {
  /** Tasks whose runs are followed. */
  tasks: Set<string>;
  /** The names of the projects that they are of; left out, or null: this one. */
  projects?: readonly string[] | null;
  /** Called with each view before it is judged: what is started besides is added to `tasks`. Gives the ids of those runs. */
  onView?: (view: FollowedView) => Promise<string[]>;
  /** A line for each step of a run. */
  say: (line: string) => void;
}

export interface WatchResult {
  /** `left`: the person went away, and all goes on. */
  outcome: Exclude<Standing, 'moving'> | 'left';
  runs: Run[];
}

/** The exit status of a command that followed runs to this end. */
export const outcomeStatus: Readonly<Record<WatchResult['outcome'], number>> = {
  well: 0,
  failed: 1,
  'needs-person': 5,
  left: 130,
};

/** Follows runs until each has ended or can not go on without a person. */
export async function watchRuns(
  forge: ForgeCli,
  { tasks, projects = null, onView, say }: WatchRequest,
): Promise<WatchResult> {
  const { promise, resolve, reject } = Promise.withResolvers<WatchResult>();
  const told = new Map<string, string>();
  const started = new Set<string>();
  let latest: WatchResult = { outcome: 'left', runs: [] };
  let end = latest;
  let calm: NodeJS.Timeout | null = null;
  let isBusy = false;
  let waiting: FollowedView | null = null;
  const look = async (view: FollowedView) => {
    for (const run of (await onView?.(view)) ?? []) started.add(run);
    const { standing, runs } = standingOf(view, tasks);
    // A view from before they were started tells nothing of how all of it stands.
    const isBehind = [...started].some((id) => !view.runs.some((run) => run.id === id));
    latest = { outcome: 'left', runs };
    for (const run of runs) tellStep(run, told, say);
    if (standing === 'moving' || isBehind) {
      if (calm) clearTimeout(calm);
      calm = null;
      return;
    }
    end = { outcome: standing, runs };
    // What ended in one project may let something begin in another, which tells it a moment later.
    const isAlone = (projects?.length ?? 1) === 1;
    if (isAlone && runs.every(({ status }) => isRunEnded(status) || status === 'awaiting')) resolve(end);
    else calm ??= setTimeout(() => resolve(end), calmMs);
  };
  // One view after the other; of those that come meanwhile the newest counts.
  const take = async (view: FollowedView) => {
    waiting = view;
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next: FollowedView | null = waiting; next; next = waiting) {
        waiting = null;
        await look(next);
      }
    } catch (failure) {
      reject(failure);
    } finally {
      isBusy = false;
    }
  };
  const following = await forge.follow(projects, (view) => void take(view), reject);
  void forge.interrupted().then(() => resolve(latest));
  try {
    return await promise;
  } finally {
    if (calm) clearTimeout(calm);
    following.dispose();
  }
}

function tellStep(run: Run, told: Map<string, string>, say: (line: string) => void): void {
  const step = `${run.status}${run.reason && `: ${run.reason}`}`;
  if (told.get(run.id) === step) return;
  told.set(run.id, step);
  say(`${new Date().toLocaleTimeString([], { hour12: false })}  ${run.id}  ${step}`);
}
