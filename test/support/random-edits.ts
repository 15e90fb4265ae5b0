import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from './git-repository.ts';

const names = [
  'a',
  'b',
  'b.log',
  'c d',
  'é',
  'dir/a',
  'dir/b.log',
  'dir/deep/x',
  'dir/deep',
  'dir',
  '-f',
  'tab\tx',
  'z.tmp',
];

/** What people and agents do to a worktree, at random: with the file system and with git. Says what it did. */
export function randomEdit(root: string, random: () => number, stamp: string): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const name = pick(names);
  const file = join(root, name);
  const clear = () => {
    const parts = name.split('/');
    for (let length = 1; length < parts.length; length += 1) {
      const above = join(root, ...parts.slice(0, length));
      const stat = lstatSync(above, { throwIfNoEntry: false });
      if (stat && !stat.isDirectory()) rmSync(above);
    }
    rmSync(file, { recursive: true, force: true });
    mkdirSync(dirname(file), { recursive: true });
  };
  const tryGit = (...args: string[]) => {
    try {
      git(root, ...args);
      return args.join(' ');
    } catch {
      return `${args.join(' ')} (refused)`;
    }
  };
  const at = () => {
    try {
      return lstatSync(file);
    } catch {
      return null;
    }
  };
  const edits: Record<string, () => string> = {
    write: () => {
      clear();
      writeFileSync(file, `${stamp} ${pick(['', 'text\n', 'a\r\nb\r\n', '\0binary\0', 'x'.repeat(5000)])}`);
      return `write ${name}`;
    },
    again: () => {
      clear();
      writeFileSync(file, 'the same\n');
      return `write the same into ${name}`;
    },
    remove: () => {
      if (at()) rmSync(file, { recursive: true, force: true });
      return `remove ${name}`;
    },
    mode: () => {
      const stat = at();
      if (stat?.isFile()) chmodSync(file, stat.mode & 0o100 ? 0o644 : 0o755);
      return `change the mode of ${name}`;
    },
    link: () => {
      clear();
      symlinkSync(pick(['a', 'dir', 'nowhere', '/etc/hostname']), file);
      return `link ${name}`;
    },
    folder: () => {
      clear();
      mkdirSync(file);
      writeFileSync(join(file, 'inside'), stamp);
      return `folder ${name}`;
    },
    ignore: () => {
      const rules = pick(['*.log\n', '*.tmp\n*.log\n', 'dir/\n', '/a\n', '!b.log\n', '']);
      const rule = join(root, pick(['.gitignore', 'dir/.gitignore']));
      if (lstatSync(dirname(rule), { throwIfNoEntry: false })?.isDirectory()) writeFileSync(rule, rules);
      return `ignore ${JSON.stringify(rules)} in ${rule}`;
    },
    seeAll: () => {
      rmSync(join(root, '.gitignore'), { force: true });
      return 'remove .gitignore';
    },
    add: () => tryGit('add', '--all', '--', '.'),
    addOne: () => tryGit('add', '--force', '--', name),
    intend: () => tryGit('add', '--intent-to-add', '--force', '--', name),
    unstage: () => tryGit('rm', '--cached', '-r', '-q', '--ignore-unmatch', '--', name),
    empty: () => tryGit('rm', '--cached', '-r', '-q', '--ignore-unmatch', '--', '.'),
    commit: () => tryGit('commit', '--quiet', '--allow-empty', '-m', stamp),
    amend: () => tryGit('commit', '--quiet', '--allow-empty', '--amend', '-m', stamp),
    branch: () => tryGit('checkout', '--quiet', '-B', pick(['side', 'other'])),
    detach: () => tryGit('checkout', '--quiet', '--detach'),
    home: () => tryGit('symbolic-ref', 'HEAD', 'refs/heads/forge/fg-1'),
    reset: () => tryGit('reset', '--quiet', '--mixed', 'HEAD'),
    assume: () => tryGit('update-index', '--assume-unchanged', '--', name),
    merge: () => tryGit('merge', '--quiet', '--no-edit', 'main'),
    abort: () => tryGit('merge', '--abort'),
    stash: () => tryGit('stash', 'push', '--quiet'),
  };
  return (edits[pick([...Object.keys(edits), 'write', 'write', 'write', 'remove'])] as () => string)();
}
