import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DoctorCheck, type DoctorPlace, type DoctorProject, inProjects, runsOf } from '../check.ts';
import { setAside } from '../set-aside.ts';

/** No call of git on one repository takes so long, in ms. */
const staleMs = 15 * 60_000;

export const locksCheck: DoctorCheck = {
  name: 'locks',
  why: 'Git refuses to work where a killed git left its lock.',
  fix: 'Moves a lock that is older than 15 minutes to the backups.',
  look: inProjects((project, place) =>
    candidates(project).flatMap((path) => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (!stat?.isFile() || place.now() - stat.mtimeMs < staleMs) return [];
      return [{ what: `${path} is a lock that nobody has taken away.`, mend: () => moveAway(place, path) }];
    }),
  ),
};

async function moveAway(place: DoctorPlace, path: string): Promise<string> {
  return `It is ${setAside(place, path)} now.`;
}

/** Of the worktrees that Forge made, of the branches of its runs, and of what all worktrees share. */
function candidates(project: DoctorProject): string[] {
  const { commonDir, worktrees } = project;
  const own = namesIn(join(commonDir, 'worktrees')).flatMap((name) =>
    ['index.lock', 'HEAD.lock'].map((lock) => join(commonDir, 'worktrees', name, lock)),
  );
  const branches = runsOf(project).flatMap(({ branch, worktree }) =>
    branch !== null && worktree?.startsWith(worktrees) ? [join(commonDir, 'refs/heads', `${branch}.lock`)] : [],
  );
  return [...own, ...new Set(branches), join(commonDir, 'packed-refs.lock'), join(commonDir, 'config.lock')];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
