import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type GitCall, runGit } from '../run-git.ts';

/**
 * The commits of `base..commit` as a mailbox that `git am` takes, binary files too; in a range with merges, one commit with
 * all of it, since a mailbox has no merges. `call` is in a scratch repository, `identity` is whose commit that one is.
 */
export async function patchOf(
  call: GitCall,
  base: string,
  commit: string,
  identity: Record<string, string>,
): Promise<Buffer> {
  const ask = async (...args: string[]) => (await runGit(call, args)).trim();
  const hasMerges = (await ask('rev-list', '--merges', '--max-count=1', `${base}..${commit}`)) !== '';
  const tip = hasMerges ? await squashed(call, base, commit, identity) : commit;
  // Through files, since what a changed file holds need not be UTF-8.
  const folder = join(call.cwd, 'patches');
  const options = ['--binary', '--full-index', '--no-ext-diff', '--no-textconv', '--no-signature', '--numbered-files'];
  const looks = ['--src-prefix=a/', '--dst-prefix=b/', '-O/dev/null', '--no-color', '--no-attach', '--no-thread'];
  await runGit(call, ['format-patch', '-o', folder, ...options, ...looks, `${base}..${tip}`]);
  const names = readdirSync(folder).sort((a, b) => Number(a) - Number(b));
  return Buffer.concat(names.map((name) => readFileSync(join(folder, name))));
}

async function squashed(plain: GitCall, base: string, commit: string, identity: Record<string, string>) {
  const call = { ...plain, variables: { ...plain.variables, ...identity } };
  const message = (await runGit(call, ['log', '-1', '--format=%B', commit])).trim();
  return (await runGit(call, ['commit-tree', '--no-gpg-sign', '-p', base, '-m', message, `${commit}^{tree}`])).trim();
}

/** Whole or not at all. A folder that Forge makes hides itself from git. */
export function writePatch(file: string, patch: Buffer): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  replaceFile(join(folder, '.gitignore'), Buffer.from('*\n'));
  replaceFile(file, patch);
}

function replaceFile(file: string, content: Buffer): void {
  if (isSame(file, content)) return;
  const temporary = `${file}.tmp`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

function isSame(file: string, content: Buffer): boolean {
  try {
    return readFileSync(file).equals(content);
  } catch {
    return false;
  }
}
