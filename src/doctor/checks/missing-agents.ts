import { type DoctorCheck, inProjects } from '../check.ts';

export const missingAgentsCheck: DoctorCheck = {
  name: 'missing-agents',
  why: 'A worker whose program is not there can take no task.',
  fix: '',
  look: inProjects(async (project) =>
    (await project.missingAgents()).map(({ name, problem, next }) => ({ what: `Agent ${name}: ${problem}`, next })),
  ),
};
