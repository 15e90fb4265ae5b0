import { GitFailure } from './run-git.ts';

/** One worktree as git lists it. */
export interface ListedWorktree {
  path: string;
  /** The commit that it is at; null: none yet. */
  head: string | null;
  /** Short name, or null when detached. */
  branch: string | null;
  /** Why it is locked; git itself locks with `initializing` while it makes one. Null when it is not. */
  locked: string | null;
}

type Run = (args: readonly string[]) => Promise<string>;

/** The main one first. */
export async function listWorktrees(run: Run): Promise<ListedWorktree[]> {
  const args = ['worktree', 'list', '--porcelain'];
  try {
    return parseWorktrees(await run([...args, '-z']), '\0');
  } catch (failure) {
    // Git before 2.36 has no -z.
    if (!(failure instanceof GitFailure) || !failure.message.includes('unknown switch')) throw failure;
    return parseWorktrees(await run(args), '\n');
  }
}

function parseWorktrees(text: string, end: string): ListedWorktree[] {
  return text
    .split(end + end)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const fields = block.split(end).map((field) => {
        const space = field.indexOf(' ');
        return space < 0 ? ([field, ''] as const) : ([field.slice(0, space), field.slice(space + 1)] as const);
      });
      const values = new Map(fields);
      return {
        path: values.get('worktree') ?? '',
        head: values.get('HEAD') ?? null,
        branch: values.get('branch')?.replace(/^refs\/heads\//, '') ?? null,
        locked: values.get('locked') ?? null,
      };
    });
}
