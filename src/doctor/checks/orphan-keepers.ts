import { keepersIn } from '../../sessions/host/find-keepers.ts';
import type { DoctorCheck } from '../check.ts';

export const orphanKeepersCheck: DoctorCheck = {
  name: 'orphan-keepers',
  why: 'Programs of sessions go on without a host: nobody can see them or type into them.',
  fix: 'Starts a session host, which takes them over; of what it cannot it ends the processes.',
  async look(place) {
    const sessions = await place.sessions();
    const known = new Set(sessions?.map(({ id }) => id));
    const left = keepersIn(place.paths.runDirectory).filter(({ session }) => !known.has(session));
    if (left.length === 0) return [];
    const names = left.map(({ session, pid }) => `${session} (${pid})`).join(', ');
    if (sessions !== null) {
      return [
        { what: `Keepers that the session host does not know: ${names}.`, next: 'Start it anew: forge host restart' },
      ];
    }
    const mend = async () => {
      await place.startHost();
      const taken = (await place.sessions())?.filter(({ endedAt }) => endedAt === null).length ?? 0;
      return `A session host runs and has ${taken} live sessions.`;
    };
    return [{ what: `No session host runs, and sessions wait for one: ${names}.`, mend }];
  },
};
