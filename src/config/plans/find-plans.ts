import { globSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import type { Plan } from '../../domain/plan.ts';
import { readPlan } from './read-plan.ts';

/** Plans that one command runs: more is a wrong pattern. */
const plansMax = 500;

/**
 * The plans that were named: files, folders (their `*.md`), patterns, or the name of one in `.forge/plans/` of the project at
 * `root`; nothing named: all in there. Throws `usage.invalid` for what is none.
 */
export function findPlans(typed: readonly string[], cwd: string, root: string): Plan[] {
  const own = join(root, '.forge', 'plans');
  const files = typed.length === 0 ? filesIn(own, own) : typed.flatMap((name) => filesNamed(name, cwd, own));
  const unique = [...new Set(files)];
  if (unique.length > plansMax)
    throw new ForgeError('usage.invalid', `${unique.length} plans were named; at most ${plansMax} are run at once.`);
  return unique.map((file) => readPlan(file, shownAs(file, cwd)));
}

function filesNamed(name: string, cwd: string, own: string): string[] {
  for (const path of [resolve(cwd, name), join(own, name), join(own, `${name}.md`)]) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) return [path];
    if (stat?.isDirectory()) return filesIn(path, name);
  }
  const found = /[*?[{]/.test(name) ? globSync(name, { cwd }).map((path) => resolve(cwd, path)) : [];
  const files = found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile()).sort();
  if (files.length > 0) return files;
  throw new ForgeError('usage.invalid', `There is no plan ${name}: no file or folder, and none in .forge/plans/.`, {
    next: 'A plan is a Markdown file. See docs/guide/plans.md',
  });
}

function filesIn(folder: string, name: string): string[] {
  const stat = statSync(folder, { throwIfNoEntry: false });
  const names = stat?.isDirectory() ? readdirSync(folder).filter((file) => file.endsWith('.md')) : [];
  if (names.length > 0) return names.sort().map((file) => join(folder, file));
  throw new ForgeError('usage.invalid', `There are no plans in ${name}.`, {
    next: 'Name one: forge run PLAN.md. See docs/guide/plans.md',
  });
}

function shownAs(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith('..') ? file : path;
}
