/** `checkpoints`: before a turn of an agent. `kept`: before something that would have lost it. They are folders of refs, too. */
export const checkpointKinds = ['checkpoints', 'kept'] as const;
export type CheckpointKind = (typeof checkpointKinds)[number];

/** A state of a run's worktree that can be brought back. */
export interface Checkpoint {
  run: string;
  kind: CheckpointKind;
  /** Counts from 1 within the run, for each kind. */
  number: number;
  /** What it was made before, in a few words. */
  why: string;
  commit: string;
  /** Equal for equal states; empty: not known. */
  content: string;
  /** The commit that was checked out; null: there was none yet. */
  head: string | null;
  /** How many files differ from the one before. */
  files: number;
  /** What is not in it, and why. */
  leftOut: string[];
  /** Ms since the epoch. */
  at: number;
}

/** What was brought back, and where what was there is now. */
export interface Rewound {
  run: string;
  to: Checkpoint;
  /** Null: nothing differed, nothing was done. */
  kept: Checkpoint | null;
}

export function refOf({ kind, run, number }: Pick<Checkpoint, 'kind' | 'run' | 'number'>): string {
  return `refs/forge/${kind}/${run}/${number}`;
}

/** Null for a ref that Forge gave no number. */
export function readRef(ref: string): Pick<Checkpoint, 'kind' | 'run' | 'number'> | null {
  const match = /^refs\/forge\/(checkpoints|kept)\/([^/]+)\/(\d+)$/.exec(ref);
  return match && { kind: match[1] as CheckpointKind, run: match[2], number: Number(match[3]) };
}

/** Why something was kept in the middle of a rewind: it is neither what was there before nor what is to be. */
export const brokenOff = 'a rewind that was broken off was finished';

/** The newest one whose state is not `content`: one that is the same as what is there brings nothing back. */
export function lastUnlike(checkpoints: readonly Checkpoint[], content: string): Checkpoint | undefined {
  return checkpoints.findLast((checkpoint) => checkpoint.content !== content);
}

/** How long checkpoints and kept work stay, and how many of one run. */
export interface KeepBounds {
  days: number;
  perRun: number;
}

interface Retention extends KeepBounds {
  now: number;
  isLive: (run: string) => boolean;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * What may go, oldest first. Of a live run the newest checkpoint stays. Of kept work the newest of each task is among these when it
 * is old: whether it was merged is to be asked before.
 */
export function outlived(all: readonly Checkpoint[], { days, perRun, now, isLive }: Retention): Checkpoint[] {
  const groups = Map.groupBy(all, ({ run, kind }) => `${kind} ${run}`);
  return [...groups.values()]
    .flatMap((group) => {
      const sorted = group.toSorted((a, b) => a.number - b.number);
      return sorted.filter((checkpoint, index) => {
        const newer = sorted.length - 1 - index;
        if (newer === 0 && isLive(checkpoint.run)) return false;
        const isOld = now - checkpoint.at > days * dayMs;
        return isOld || (checkpoint.kind === 'checkpoints' && newer >= perRun);
      });
    })
    .sort((a, b) => a.at - b.at);
}
