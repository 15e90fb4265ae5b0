import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git-repository.ts';

/** Files and links below a folder, by what they hold, but for `.git`. Names and contents byte by byte. */
export function filesOnDisk(root: string): Map<string, string> {
  const found = new Map<string, string>();
  const look = (below: string) => {
    for (const entry of readdirSync(Buffer.from(join(root, below), 'latin1'), { encoding: 'buffer' })) {
      const name = entry.toString('latin1');
      if (name === '.git') continue;
      const path = below === '' ? name : `${below}/${name}`;
      const file = Buffer.from(`${root}/${path}`, 'latin1');
      const stat = lstatSync(file);
      if (stat.isDirectory()) look(path);
      else if (stat.isSymbolicLink()) found.set(path, `link ${readlinkSync(file)}`);
      else found.set(path, `${stat.mode & 0o100 ? 'program' : 'file'} ${readFileSync(file).toString('latin1')}`);
    }
  };
  look('');
  return found;
}

/** All that a rewind brings back: files that git does not ignore, the index with its marks, HEAD and its branch. */
export function worktreeState(root: string) {
  const ask = (...args: string[]) => git(root, '-c', 'core.quotePath=true', ...args);
  const disk = filesOnDisk(root);
  const ignored = new Set(
    ask('ls-files', '-z', '--others', '--ignored', '--exclude-standard').split('\0').filter(Boolean),
  );
  return {
    files: Object.fromEntries([...disk].filter(([path]) => !ignored.has(path)).sort()),
    index: ask('ls-files', '--stage'),
    marks: ask('ls-files', '-v'),
    status: ask('status', '--porcelain=v2', '--untracked-files=all'),
    head: ask('rev-parse', 'HEAD').trim(),
    branch: ask('rev-parse', '--symbolic-full-name', 'HEAD').trim(),
  };
}
