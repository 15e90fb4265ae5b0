import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { Repository } from './find-repository.ts';
import { type Environment, runGit } from './run-git.ts';

export type Mode = 'standard' | 'stealth' | 'branch';

/** What the clone's own `info/exclude` hides. In standard it is what no commit holds, also on a branch without `.forge/`. */
const lines: Record<Mode, readonly string[]> = {
  stealth: ['/.forge/'],
  branch: ['/.forge/'],
  standard: ['/.forge/forge.db*', '/.forge/*.bad', '/.forge/config.schema.json'],
};
const witnesses: Record<Mode, string> = {
  stealth: '.forge/config.yaml',
  branch: '.forge/config.yaml',
  standard: '.forge/forge.db',
};

/**
 * Adds the lines to `info/exclude`, and makes sure that git heeds them: a `.gitignore` that says `!.forge` would be
 * stronger. True when one was added. Throws `repository.unusable`, and then nothing has changed.
 */
export async function exclude({ root, commonDir }: Repository, mode: Mode, environment: Environment): Promise<boolean> {
  const file = join(commonDir, 'info', 'exclude');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const known = new Set(before?.split(/\r?\n/));
  const missing = lines[mode].filter((line) => !known.has(line));
  if (missing.length > 0) {
    mkdirSync(join(commonDir, 'info'), { recursive: true });
    const separator = before === null || before === '' || before.endsWith('\n') ? '' : '\n';
    appendFileSync(file, `${separator}${missing.map((line) => `${line}\n`).join('')}`);
  }
  try {
    await runGit({ cwd: root, environment }, ['check-ignore', '--quiet', '--', witnesses[mode]]);
  } catch {
    if (missing.length > 0) truncateSync(file, Buffer.byteLength(before ?? ''));
    throw new ForgeError('repository.unusable', `a .gitignore in ${root}, or a tracked file, makes git show .forge/`, {
      next: 'Without stealth it works: forge init',
    });
  }
  return missing.length > 0;
}

/** Whether `info/exclude` hides all of `.forge/`. */
export function isHidden({ commonDir }: Repository): boolean {
  const file = join(commonDir, 'info', 'exclude');
  return existsSync(file) && readFileSync(file, 'utf8').split(/\r?\n/).includes('/.forge/');
}

/** Takes the line away that hides all of `.forge/`. */
export function unhide({ commonDir }: Repository): void {
  const file = join(commonDir, 'info', 'exclude');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => line.replace(/\r$/, '') !== '/.forge/').join('\n'));
}
