import { compareRun } from '../../app/history/compare-run.ts';
import { asForgeError } from '../../base/errors.ts';
import type { Run } from '../../domain/run.ts';
import type { StoreLook } from '../../store/look-at-store.ts';
import { type DoctorCheck, type DoctorProject, type Finding, inProjects } from '../check.ts';

export const snapshotsCheck: DoctorCheck = {
  name: 'snapshots',
  why: 'A run whose record cannot be read is left alone by the supervisor: nobody drives it.',
  fix: 'Replays the run from its events and stores what comes of them. What was there before goes into its history.',
  look: inProjects((project) => {
    const look = project.look();
    return look === null ? [] : look.runs.live().flatMap((run) => wrong(project, look, run));
  }),
};

function wrong(project: DoctorProject, look: StoreLook, run: Run): Finding[] {
  const snapshot = look.runs.snapshot(run.id);
  try {
    const { step, row, differences } = compareRun(run, snapshot, look.runs.events(run.id));
    if (differences.length === 0) return [];
    const what = `Run ${run.id} is not what its events make of it: ${differences.join('; ')}.`;
    const isAsRecorded = step.status === run.status;
    if (!isAsRecorded)
      return [{ what, next: `Look at it: forge run show ${run.id} --events; end it: forge cancel ${run.id}` }];
    const mend = async () => {
      const store = project.open();
      try {
        store.runs.mend(run.id, step.snapshot, { ...row, status: step.status });
      } finally {
        store.dispose();
      }
      return `It is ${step.status} again, as its ${look.runs.events(run.id).length} events say.`;
    };
    return [{ what, mend }];
  } catch (failure) {
    return [
      {
        what: `Run ${run.id} cannot be replayed: ${asForgeError(failure).message}`,
        next: `End it: forge cancel ${run.id}`,
      },
    ];
  }
}
