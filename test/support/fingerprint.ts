import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

type Git = (...args: string[]) => string;

/**
 * Everything of a repository that a teammate could see, or that git acts upon, as text to compare: each file of the git
 * directory but objects, by content; status with what is ignored; settings, refs, stash, and who made which commit.
 */
export function fingerprint(root: string, git: Git) {
  const files = filesBelow(join(root, '.git')).filter((path) => !path.startsWith('objects/'));
  return {
    status: git('status', '--porcelain', '--ignored').split('\n'),
    worktree: filesBelow(root)
      .filter((path) => !path.startsWith('.git/') && !path.startsWith('.forge/'))
      .map((path) => digest(root, path)),
    gitDirectory: Object.fromEntries(files.map((path) => [path, digest(join(root, '.git'), path)])),
    settings: git('config', '--list', '--local'),
    refs: git('for-each-ref', '--format=%(refname) %(objectname)').split('\n'),
    stash: git('stash', 'list'),
    attributes: git('check-attr', '--all', '--', 'README.md', '.forge/tasks.jsonl'),
    remotes: git('remote', '--verbose'),
    // `fsck` exits with an error for an object that is missing or broken.
    health: git('fsck', '--strict', '--no-dangling', '--no-reflogs'),
  };
}

/** The text of every commit, tree and blob that `revisions` reach, and of its names. */
export function published(git: Git, ...revisions: string[]): string {
  const objects = git('rev-list', '--objects', ...revisions)
    .split('\n')
    .filter(Boolean);
  return objects.map((line) => `${line}\n${git('cat-file', '-p', line.slice(0, 40))}`).join('\n');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !lstatSync(join(folder, path)).isDirectory())
    .sort();
}

function digest(folder: string, path: string): string {
  const file = join(folder, path);
  const stat = lstatSync(file);
  const content = stat.isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
  return `${path} ${(stat.mode & 0o777).toString(8)} ${createHash('sha256').update(content).digest('hex')}`;
}
