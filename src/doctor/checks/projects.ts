import type { DoctorCheck } from '../check.ts';

export const projectsCheck: DoctorCheck = {
  name: 'projects',
  why: 'A project that cannot be opened has no runs, and none of the checks below.',
  fix: '',
  look: async ({ closed }) => closed.map(({ name, why }) => ({ what: `${name}: ${why}`, next: 'Correct that first.' })),
};
