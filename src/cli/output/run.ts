import { age } from '../../base/age.ts';
import { plainText } from '../../base/text.ts';
import type { Run } from '../../domain/run.ts';

/** `+12 -3 in 2 files`, or empty while nothing changed. */
export function changes(run: Pick<Run, 'filesChanged' | 'linesAdded' | 'linesRemoved'>): string {
  if (run.filesChanged === 0) return '';
  const files = run.filesChanged === 1 ? '1 file' : `${run.filesChanged} files`;
  return `+${run.linesAdded} -${run.linesRemoved} in ${files}`;
}

/** How long it has taken, or took. */
export function duration(run: Run, now: number): string {
  return run.startedAt === null ? '' : age((run.endedAt ?? now) - run.startedAt);
}

export function runRow(run: Run, now: number): string[] {
  return [run.id, run.status, run.worker, duration(run, now), changes(run), plainText(run.reason)];
}

/** A run in its machine-readable form. What this version does not know is null, never zero: batches and cost. */
export function runJson<T extends Run>(run: T) {
  const cost = {
    usd: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    estimated: false,
  };
  // The number at the end of a run's id counts the runs of its task.
  return { ...run, batch: null, attempts: Number(run.id.split('-').at(-1)), cost };
}
