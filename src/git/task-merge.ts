import type { Repository } from './find-repository.ts';
import { type Environment, runGit } from './run-git.ts';

/** Says by its name which driver merges the file; a clone that does not know it merges it as text. */
export const taskAttributes = '/tasks.jsonl merge=forge-tasks text eol=lf\n';

const settings = [
  ['merge.forge-tasks.name', 'tasks by id'],
  // A Forge that is missing or fails leaves the merge to git, with conflict markers.
  ['merge.forge-tasks.driver', 'forge merge-tasks %O %A %B || git merge-file -L ours -L base -L theirs %A %O %B'],
] as const;

/** Lets git merge `tasks.jsonl` task by task in this clone. */
export async function addTaskMerge({ root }: Repository, environment: Environment): Promise<void> {
  for (const [key, value] of settings) await runGit({ cwd: root, environment }, ['config', '--local', key, value]);
}

export async function dropTaskMerge({ root }: Repository, environment: Environment): Promise<void> {
  await runGit({ cwd: root, environment }, ['config', '--local', '--remove-section', 'merge.forge-tasks']).catch(
    () => '',
  );
}
