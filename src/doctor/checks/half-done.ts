import { type DoctorCheck, inProjects } from '../check.ts';

/** What a supervisor does after the end of a run takes seconds; what is not done after so long is not being done, in ms. */
const patienceMs = 60_000;

export const halfDoneCheck: DoctorCheck = {
  name: 'half-done',
  why: 'A run ended, and its program, its task or what is kept of its work were not seen to.',
  fix: 'Lets the supervisor finish it.',
  look: inProjects((project, place) =>
    (project.look()?.runs.unsettled() ?? [])
      .filter(({ endedAt }) => place.now() - (endedAt ?? 0) > patienceMs)
      .map(({ id, status }) => ({
        what: `Run ${id} is ${status}, and its end is not finished.`,
        mend: async () => {
          await project.settle();
          const store = project.open();
          try {
            if (store.runs.unsettled().some((run) => run.id === id))
              throw new Error('it is not finished yet; see forge host status for the log');
          } finally {
            store.dispose();
          }
          return 'It is finished: its work is kept.';
        },
      })),
  ),
};
