import { basename, extname } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import { slug } from '../../base/ids.ts';
import type { Plan } from '../../domain/plan.ts';
import { type CheckedFile, checkYaml } from '../read-layer.ts';
import { readText } from '../read-text.ts';
import { frontMatterSchema, planOptions } from './plan-options.ts';

const next = 'See docs/guide/plans.md';

/**
 * Reads a plan: YAML between two lines of `---`, then the text of its task. `shown` is what the file is called in what is
 * said of it. Throws `usage.invalid` and `config.invalid` with the position.
 */
export function readPlan(file: string, shown: string): Plan {
  const text = readText(file);
  if (text === null) throw new ForgeError('usage.invalid', `There is no file ${shown}.`, { next });
  const { front, body } = split(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), shown);
  const { values, locate } = checkYaml(shown, front, frontMatterSchema, planOptions, 'a field of a plan');
  const { depends_on: dependsOn, id = idOf(file, shown), title = headingOf(body), ...rest } = values;
  if (title === undefined) {
    const problem = `${shown}:1:1: the plan has neither a title nor a heading in its text`;
    throw new ForgeError('usage.invalid', problem, { next: 'Add a line such as: title: Fix the login' });
  }
  return { ...rest, id, title, body, dependsOn, at: placesOf(values, locate) };
}

/** The line numbers of `front` are those of the file: its first line is the first `---`. */
function split(text: string, shown: string): { front: string; body: string } {
  if (!/^---[ \t]*\n/.test(text)) return { front: '', body: text.trim() };
  const end = /\n---[ \t]*(?:\n|$)/.exec(text.slice(3));
  if (!end) {
    throw new ForgeError('usage.invalid', `${shown}:1:1: the front matter has no end`, {
      next: 'Close it with a line of ---',
    });
  }
  const at = 3 + end.index;
  return { front: text.slice(0, at + 1), body: text.slice(at + end[0].length).trim() };
}

function idOf(file: string, shown: string): string {
  const id = slug(basename(file, extname(file)));
  if (id !== '') return id;
  throw new ForgeError('usage.invalid', `${shown}:1:1: no id can be made of the file's name`, {
    next: 'Add a line such as: id: fix-login',
  });
}

function headingOf(body: string): string | undefined {
  return /^#+[ \t]+(.+?)[ \t#]*$/m.exec(body)?.[1]?.slice(0, 500);
}

function placesOf(values: object, locate: CheckedFile<unknown>['locate']): Record<string, string> {
  const at: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const key = name === 'depends_on' ? 'dependsOn' : name;
    at[key] = locate([name]);
    if (Array.isArray(value)) for (const index of value.keys()) at[`${key}.${index}`] = locate([name, index]);
  }
  return at;
}
