import { age } from '../../base/age.ts';
import { counted } from '../../base/counted.ts';
import { plainText } from '../../base/text.ts';
import { type Cost, formatCost } from '../../domain/cost.ts';
import type { Run } from '../../domain/run.ts';
import { costJson } from './cost.ts';

/** `+12 -3 in 2 files`, or empty while nothing changed. */
export function changes(run: Pick<Run, 'filesChanged' | 'linesAdded' | 'linesRemoved'>): string {
  if (run.filesChanged === 0) return '';
  return `+${run.linesAdded} -${run.linesRemoved} in ${counted(run.filesChanged, 'file')}`;
}

/** How long it has taken, or took. */
export function duration(run: Run, now: number): string {
  return run.startedAt === null ? '' : age((run.endedAt ?? now) - run.startedAt);
}

export function runRow(run: Run & { cost: Cost | null }, now: number): string[] {
  const cost = run.cost ? formatCost(run.cost) : '';
  return [run.id, run.status, run.worker || '-', duration(run, now), cost, changes(run), plainText(run.reason)];
}

/** A run in its machine-readable form. What is not known is null, never zero. */
export function runJson<T extends Run & { cost: Cost | null }>(run: T) {
  // The number at the end of a run's id counts the runs of its task.
  const { worker, agent } = run;
  const attempts = Number(run.id.split('-').at(-1));
  return { ...run, worker: worker || null, agent: agent || null, attempts, cost: costJson(run.cost) };
}
