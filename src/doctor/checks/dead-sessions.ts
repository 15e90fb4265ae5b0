import { hasAgentAtWork } from '../../domain/run.ts';
import { type DoctorCheck, inProjects } from '../check.ts';

export const deadSessionsCheck: DoctorCheck = {
  name: 'dead-sessions',
  why: 'A run that counts as at work holds its worker and its task, and nobody works.',
  fix: 'Lets the supervisor look: such a run is paused, and can go on with forge resume.',
  look: inProjects(async (project, place) => {
    const sessions = await place.sessions();
    const alive = new Set(sessions?.flatMap(({ id, endedAt }) => (endedAt === null ? [id] : [])));
    const live =
      project
        .look()
        ?.runs.live()
        .filter(({ status }) => hasAgentAtWork(status)) ?? [];
    // With a host that is away only its successor can say whether they live: a check of its own.
    if (sessions === null || (await place.isSupervisorThere())) return [];
    return live
      .filter(({ session }) => !alive.has(session))
      .map(({ id, session }) => ({
        what: `Run ${id} counts as at work, and its session ${session} does not live.`,
        mend: async () => {
          await project.settle();
          const run = project
            .look()
            ?.runs.list()
            .find((found) => found.id === id);
          return `The supervisor looked: it is ${run?.status ?? 'gone'} now.${run?.reason ? ` ${run.reason}` : ''}`;
        },
      }));
  }),
};
