import { runGit } from '../../git/run-git.ts';
import { type DoctorCheck, type DoctorProject, inProjects } from '../check.ts';

/** Branches of tasks are below it, unless a project is in stealth: there no name tells whose a branch is. */
const folder = 'refs/heads/forge/';

export const orphanBranchesCheck: DoctorCheck = {
  name: 'orphan-branches',
  why: 'A branch of a task that no run knows is in the way when that id comes again.',
  fix: 'Keeps its commit below refs/forge/kept/ and removes the branch.',
  look: inProjects(async (project, { environment }) => {
    const look = project.look();
    if (look === null) return [];
    const known = new Set(look.runs.list().map(({ branch }) => `refs/heads/${branch}`));
    const tasks = new Set(look.tasks());
    const git = (args: string[]) =>
      runGit({ cwd: project.root, environment, variables: { GIT_DIR: project.commonDir } }, args);
    const used = new Set(project.git.worktrees.list(project.worktrees).map(({ branch }) => `refs/heads/${branch}`));
    const refs = (await git(['for-each-ref', '--format=%(refname) %(objectname)', '--', folder]))
      .split('\n')
      .filter(Boolean);
    return refs
      .map((line) => line.split(' ') as [ref: string, commit: string])
      .filter(([ref]) => !known.has(ref) && !used.has(ref) && !tasks.has(ref.slice(folder.length)))
      .map(([ref, commit]) => ({
        what: `No run and no task knows the branch ${ref.slice(11)}.`,
        mend: () => keep(project, git, ref, commit),
      }));
  }),
};

async function keep(project: DoctorProject, git: (args: string[]) => Promise<string>, ref: string, commit: string) {
  const kept = await project.git.worktrees.freeKept(`orphan-${ref.slice(folder.length).replace(/[^a-z0-9-]+/g, '-')}`);
  await git(['update-ref', kept, commit]);
  // Not if it has moved since.
  await git(['update-ref', '-d', ref, commit]);
  return `Its commit is kept at ${kept}.`;
}
