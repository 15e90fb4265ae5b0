import type { Run, RunEvent } from '../../domain/run.ts';
import { restoreRun } from '../../machines/run-step.ts';
import type { RunSnapshot } from '../../ports/store.ts';
import { type Replayed, replayRun } from './replay-run.ts';

/** What is in the row of a run and does not come from its events: sizes are read off git whenever they are shown. */
type FromEvents = Exclude<keyof Run, 'filesChanged' | 'linesAdded' | 'linesRemoved'>;
const fields: readonly FromEvents[] = [
  ...(['task', 'worker', 'agent', 'status', 'reason', 'worktree', 'branch', 'base', 'session'] as const),
  ...(['group', 'groupMax', 'conversation', 'createdAt', 'startedAt', 'endedAt'] as const),
];

/** A run as its events make it, and where what is stored of it is another, each in a line; none: nowhere. */
export function compareRun(run: Run, stored: RunSnapshot, events: readonly RunEvent[]) {
  const all = replayRun(events).map((replayed) => ({ ...replayed, differences: differencesOf(run, stored, replayed) }));
  return all.reduce((best, other) => (other.differences.length < best.differences.length ? other : best));
}

function differencesOf(run: Run, stored: RunSnapshot, replayed: Replayed): string[] {
  const isWhole = replayed.row.session !== undefined;
  // An earlier version read the clock twice, and told its history nothing of a conversation.
  const compared = isWhole ? fields : fields.filter((field) => !field.endsWith('At'));
  const row = compared.flatMap((field) => {
    // What a queued one waits for follows from the rest of the store, and is no event.
    if (field === 'reason' && run.status === 'queued') return [];
    if (!(field in replayed.row) || run[field] === replayed.row[field]) return [];
    return [`${field} is ${JSON.stringify(run[field])}, by its events ${JSON.stringify(replayed.row[field])}`];
  });
  return [...replayed.differences, ...row, ...compareSnapshot(stored, replayed)];
}

function compareSnapshot(stored: RunSnapshot, { step }: Replayed): string[] {
  try {
    restoreRun(stored);
  } catch (failure) {
    return [`its snapshot cannot be read: ${(failure as Error).message.split('\n')[0]}`];
  }
  // One of an earlier version says less: what it says is compared.
  const before = stored.snapshot as Snapshot;
  const after = step.snapshot.snapshot as Snapshot;
  const names = Object.keys(before.context).filter((name) => !same(before.context[name], after.context[name]));
  return [
    ...(before.value === after.value ? [] : [`its snapshot is ${before.value}, by its events ${after.value}`]),
    ...names.map(
      (name) =>
        `${name} in its snapshot is ${JSON.stringify(before.context[name])}, by its events ${JSON.stringify(after.context[name])}`,
    ),
  ];
}

interface Snapshot {
  value: string;
  context: Record<string, unknown>;
}

/** The order of the keys says nothing. */
function same(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown) => JSON.stringify(value, (_key, inner) => (isRecord(inner) ? inOrder(inner) : inner));
  return sorted(a) === sorted(b);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const inOrder = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
