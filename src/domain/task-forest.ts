import type { TaskView } from './task.ts';
import { byUrgency } from './task-graph.ts';

/** An open task in the drawing of what waits for what. */
export interface ForestRow {
  task: TaskView;
  /** What is drawn before it, of box-drawing characters: it stands below one that it waits for. */
  branch: string;
  /** It is on the longest way from a task that can begin to one that nothing waits for. */
  isCritical: boolean;
  /** Ids of the other open tasks that it waits for. */
  alsoWaitsFor: string[];
  /** How many wait for it and can begin sooner when it is done. */
  frees: number;
}

/** Characters that a branch has at most; a deeper one is cut at its beginning. */
const branchMax = 24;

/**
 * Open tasks as trees. A task that waits for several stands below the one that keeps it waiting longest, so the longest way
 * is one branch. What is in a circle, which only a merge of two files can make, stands by itself.
 */
export function taskForest(tasks: readonly TaskView[]): ForestRow[] {
  const open = new Map(tasks.filter(({ status }) => status === 'open').map((task) => [task.id, task]));
  const waitsFor = (task: TaskView) => task.blockedBy.filter((id) => open.has(id));
  const waiters = new Map<string, TaskView[]>();
  for (const task of open.values()) {
    for (const id of waitsFor(task)) put(waiters, id, task);
  }
  const ends = endsOf([...open.values()], waitsFor, waiters);
  const endOf = (id: string) => ends.get(id) ?? 0;
  const above = (task: TaskView) => (ends.has(task.id) ? longest(waitsFor(task), endOf) : null);
  const critical = criticalIds(ends, open, above);
  const below = new Map<string | null, TaskView[]>();
  for (const task of open.values()) put(below, above(task), task);
  const inOrder = (id: string | null) =>
    (below.get(id) ?? []).sort(
      (a, b) => Number(critical.has(b.id)) - Number(critical.has(a.id)) || sizeFirst(a, b) || byUrgency(a, b),
    );
  // At the top what has something below it comes first: single tasks follow together.
  const sizeFirst = (a: TaskView, b: TaskView) => Number(below.has(b.id)) - Number(below.has(a.id));

  const rows: ForestRow[] = [];
  const pending = inOrder(null)
    .map((task) => ({ task, stem: '', isRoot: true, isLast: true }))
    .reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { task, stem, isRoot, isLast } = next;
    const upper = above(task);
    rows.push({
      task,
      branch: isRoot ? '' : shortened(stem + (isLast ? '└─ ' : '├─ ')),
      isCritical: critical.has(task.id),
      alsoWaitsFor: waitsFor(task).filter((id) => id !== upper),
      frees: waiters.get(task.id)?.length ?? 0,
    });
    const children = inOrder(task.id);
    const own = isRoot ? '' : (stem + (isLast ? '   ' : '│  ')).slice(-branchMax);
    for (const [index, child] of [...children.entries()].reverse())
      pending.push({ task: child, stem: own, isRoot: false, isLast: index === children.length - 1 });
  }
  return rows;
}

/**
 * When each would be done at the earliest, if all that can began now: in minutes when any has an estimate (one without counts
 * as the average), else in tasks. Those in a circle are left out.
 */
function endsOf(
  tasks: readonly TaskView[],
  waitsFor: (task: TaskView) => string[],
  waiters: ReadonlyMap<string, TaskView[]>,
): Map<string, number> {
  const estimates = tasks.flatMap(({ estimateMinutes }) => estimateMinutes ?? []);
  const average = estimates.length === 0 ? 1 : estimates.reduce((sum, minutes) => sum + minutes, 0) / estimates.length;
  const left = new Map(tasks.map((task) => [task.id, waitsFor(task).length]));
  const ends = new Map<string, number>();
  const free = tasks.filter((task) => left.get(task.id) === 0);
  for (let task = free.pop(); task !== undefined; task = free.pop()) {
    const begin = Math.max(0, ...waitsFor(task).map((id) => ends.get(id) ?? 0));
    ends.set(task.id, begin + (task.estimateMinutes ?? average));
    for (const waiter of waiters.get(task.id) ?? []) {
      const count = (left.get(waiter.id) ?? 0) - 1;
      left.set(waiter.id, count);
      if (count === 0) free.push(waiter);
    }
  }
  return ends;
}

function put<Key>(groups: Map<Key, TaskView[]>, key: Key, task: TaskView): void {
  const group = groups.get(key);
  if (group) group.push(task);
  else groups.set(key, [task]);
}

function longest(ids: readonly string[], endOf: (id: string) => number): string | null {
  return ids.reduce<string | null>((best, id) => (best === null || endOf(id) > endOf(best) ? id : best), null);
}

/** The way that ends last; none while nothing waits for anything. */
function criticalIds(
  ends: ReadonlyMap<string, number>,
  open: ReadonlyMap<string, TaskView>,
  above: (task: TaskView) => string | null,
): Set<string> {
  const way = new Set<string>();
  let task = open.get(longest([...ends.keys()], (id) => ends.get(id) ?? 0) ?? '');
  while (task) {
    way.add(task.id);
    task = open.get(above(task) ?? '');
  }
  return way.size > 1 ? way : new Set();
}

function shortened(branch: string): string {
  return branch.length <= branchMax ? branch : `…${branch.slice(1 - branchMax)}`;
}
