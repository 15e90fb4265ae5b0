import { z } from 'zod';
import { storeOperation } from '../../define-operation.ts';
import { compareRun } from '../../history/compare-run.ts';
import { type RunExport, runExportVersion } from '../../history/run-export.ts';
import { findRun } from './read.ts';

const input = z.object({ run: z.string() });

export const runExport = storeOperation({
  name: 'run.export',
  summary: 'A run with its snapshot and its whole history',
  input,
  run: ({ store, ...context }, { run: name }): RunExport => {
    const run = findRun({ store, ...context }, name);
    const { id } = run;
    return {
      forge: 'run',
      version: runExportVersion,
      run,
      snapshot: store.runs.snapshot(id),
      events: store.runs.events(id),
    };
  },
});

export const runReplay = storeOperation({
  name: 'run.replay',
  summary: 'Whether the events of a run make of it what is stored',
  input,
  run: (context, { run }) => replayOf(runExport.run(context, { run }) as RunExport),
});

/** `differences`: where what is stored is not what the events make of it, each in a line. */
export interface ReplayReport {
  run: string;
  events: number;
  status: string;
  differences: string[];
}

export function replayOf({ run, snapshot, events }: RunExport): ReplayReport {
  const { step, differences } = compareRun(run, snapshot, events);
  return { run: run.id, events: events.length, status: step.status, differences };
}
