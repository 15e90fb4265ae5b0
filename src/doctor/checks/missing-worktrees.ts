import { existsSync } from 'node:fs';
import { isRunEnded } from '../../domain/run.ts';
import { type DoctorCheck, inProjects, runsOf } from '../check.ts';

export const missingWorktreesCheck: DoctorCheck = {
  name: 'missing-worktrees',
  why: 'A run that is not over has lost the folder that it works in.',
  fix: '',
  look: inProjects((project) =>
    runsOf(project)
      .filter(({ status, worktree }) => !isRunEnded(status) && worktree !== null && !existsSync(worktree))
      .map(({ id, worktree, branch }) => ({
        what: `The worktree ${worktree} of run ${id} is not there.`,
        next: `What was committed is on ${branch}. End the run: forge cancel ${id}; or let it go on in a new folder: forge resume ${id}`,
      })),
  ),
};
