import { type Environment, runGit } from './run-git.ts';

/** Such as `2.39.5`; null: there is no git. */
export async function gitVersion(environment: Environment): Promise<string | null> {
  try {
    const said = await runGit({ cwd: '/', environment }, ['--version']);
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? null;
  } catch {
    return null;
  }
}
