/** The commit that a branch is at; null: there is no such branch. */
export async function tipOf(run: (args: readonly string[]) => Promise<string>, branch: string): Promise<string | null> {
  const answer = await run(['for-each-ref', '--format=%(objectname)', '--', `refs/heads/${branch}`]);
  return answer.trim() || null;
}
