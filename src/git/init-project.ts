import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { slug } from '../base/ids.ts';
import { exclude, type Mode } from './exclude.ts';
import { findRepository } from './find-repository.ts';
import { firstConfig } from './first-config.ts';
import type { Environment } from './run-git.ts';
import { taskAttributes } from './task-merge.ts';

export interface InitInput {
  /** Any path inside the repository; `.forge/` goes into its main checkout. */
  cwd: string;
  mode: Mode;
  /** In the mode `branch`, its name. */
  branch?: string;
  /** Prefix of task ids, `[a-z][a-z0-9]{1,7}`; made from the folder's name when not given. */
  prefix?: string;
  /** Names of the agent definitions found on this machine, the preferred one first: they become the workers. */
  agents?: readonly string[];
  environment: Environment;
}

export interface InitResult {
  root: string;
  mode: Mode;
  prefix: string;
  /** What was written, relative to `root`; nothing else changed. */
  files: string[];
}

const ignored = `# State of this machine; tasks.jsonl and config.yaml are for everyone.
/forge.db*
/runs/
/config.schema.json
*.bad
*.tmp
`;

/** What a tracked `.forge/` says to git. */
export const standardFiles: readonly (readonly [name: string, text: string])[] = [
  ['.gitignore', ignored],
  ['.gitattributes', taskAttributes],
];

/**
 * Makes `.forge/` in the repository. `standard`: plain untracked files, for the person to commit, and what is this
 * machine's own is hidden. `stealth` and `branch`: one
 * line in the clone's own `info/exclude`, nothing that git shows or shares. Throws `project.exists`, `repository.*`,
 * `usage.invalid` for a prefix.
 */
export async function initProject({
  cwd,
  mode,
  branch,
  prefix,
  agents = [],
  environment,
}: InitInput): Promise<InitResult> {
  const { root, commonDir } = await findRepository(cwd, environment);
  const directory = join(root, '.forge');
  const chosen = prefix ?? prefixOf(basename(root));
  if (!/^[a-z][a-z0-9]{1,7}$/.test(chosen)) {
    throw new ForgeError('usage.invalid', `"${chosen}" is no prefix: 2 to 8 characters of a-z and 0-9, a letter first`);
  }
  refuseExisting(directory);
  const isExcluded = await exclude({ root, commonDir }, mode, environment);
  const content: (readonly [name: string, text: string])[] = [
    ['config.yaml', firstConfig({ mode, prefix: chosen, agents, ...(branch === undefined ? {} : { branch }) })],
    ['tasks.jsonl', ''],
  ];
  if (mode === 'standard') content.push(...standardFiles);
  mkdirSync(directory, { recursive: true });
  // The settings come last: they are what makes it a project, so a killed init can be run again.
  const written = content.reverse().filter(([name, text]) => writeNew(join(directory, name), text));
  return {
    root,
    mode,
    prefix: chosen,
    files: [...(isExcluded ? ['.git/info/exclude'] : []), ...written.map(([name]) => `.forge/${name}`).sort()],
  };
}

/** A prefix from a name: the initials of its words, or the first letter and the last consonant of one word. */
export function prefixOf(name: string): string {
  const words = slug(name)
    .split('-')
    .filter((word) => word !== '');
  const letters = words.length > 1 ? words.map((word) => word[0]).join('') : shortened(words[0] ?? '');
  const prefix = letters.replace(/^[0-9]+/, '').slice(0, 3);
  return prefix.length >= 2 ? prefix : 'fg';
}

function shortened(word: string): string {
  const consonant = /[bcdfghjklmnpqrstvwxyz](?=[^bcdfghjklmnpqrstvwxyz]*$)/.exec(word.slice(1))?.[0];
  return word.slice(0, 1) + (consonant ?? word.slice(1, 2));
}

function refuseExisting(directory: string): void {
  const stat = lstatSync(directory, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    throw new ForgeError('repository.unusable', `${directory} is there and is not a folder`, {
      next: 'Move it away, then run it again.',
    });
  }
  if (existsSync(join(directory, 'config.yaml'))) {
    throw new ForgeError('project.exists', `${directory} is set up already`);
  }
}

/** False when the file is there already: what a person or another clone put there stays. */
export function writeNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw failure;
  }
}
