import { basename } from 'node:path';
import type { Git } from '../../ports/git.ts';
import type { MadeWorktree } from '../../ports/worktrees.ts';
import { type DoctorCheck, type DoctorProject, type Finding, inProjects } from '../check.ts';

export const orphanWorktreesCheck: DoctorCheck = {
  name: 'orphan-worktrees',
  why: 'A worktree that no run and no task knows is work that nobody sees, or half of one that a kill left.',
  fix: 'Keeps all that is in it below refs/forge/kept/ and removes it; a branch with work that is nowhere else stays.',
  look: inProjects(async (project) => {
    const look = project.look();
    // Without a database every worktree would look like an orphan.
    if (look === null) return [];
    // That of a task is taken over by its next run.
    const used = new Set([...look.tasks(), ...look.runs.list().map(({ worktree }) => worktree)]);
    const orphans = project.git.worktrees
      .list(project.worktrees)
      .filter(({ path }) => !used.has(path) && !used.has(basename(path)));
    return Promise.all(orphans.map((worktree) => describe(project, worktree)));
  }),
};

async function describe(project: DoctorProject, worktree: MadeWorktree): Promise<Finding> {
  const { path, branch, state } = worktree;
  const { worktrees } = project.git;
  const what = `No run and no task knows the worktree ${path}${branch ? ` on ${branch}` : ''}.`;
  if (state !== 'made') {
    const mend = async () =>
      (await worktrees.reconcile(project.worktrees, new Set())).join(' ') || 'It was put right already.';
    return { what: `${what} It was never finished.`, mend };
  }
  const { holds } = await worktrees.look(worktree);
  if (holds.length > 0)
    return { what: `${what} ${holds.join(' ')}`, next: 'Bring that to safety, and remove it by hand.' };
  return { what, mend: () => keepAndRemove(project, worktree) };
}

async function keepAndRemove({ git }: DoctorProject, worktree: MadeWorktree): Promise<string> {
  const { path, branch } = worktree;
  const { isThere, isBranchMerged, tip } = await git.worktrees.look(worktree);
  const kept = isThere ? await keep(git, worktree) : null;
  const goes = isBranchMerged || tip === worktree.base;
  await git.worktrees.remove(path, goes ? tip : null);
  const words = [kept === null ? 'Its folder was gone already.' : `All that was in it is kept at ${kept}.`];
  if (tip !== null)
    words.push(goes ? `${branch}, which had nothing of its own, went too.` : `The branch ${branch} stays.`);
  return words.join(' ');
}

async function keep({ snapshots, worktrees }: Git, worktree: MadeWorktree): Promise<string> {
  const name = basename(worktree.path);
  const { commit } = await snapshots.take(worktree, { message: `Work of ${name}` });
  const kept = await worktrees.freeKept(`orphan-${name}`);
  if (await snapshots.makeRef(kept, commit)) return kept;
  throw new Error(`Something else was kept as ${kept} just now.`);
}
