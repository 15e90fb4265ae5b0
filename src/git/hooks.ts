import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import type { Repository } from './find-repository.ts';
import { type Environment, runGit } from './run-git.ts';

const names = ['pre-commit', 'post-merge', 'post-checkout'] as const;
const mark = '# Keeps .forge/tasks.jsonl in step: forge init --no-hooks';
const [begin, end] = ['# forge: begin', '# forge: end'];

/**
 * Nothing of it keeps git from going on: not a Forge that is missing, nor one that fails. In a linked worktree, where an
 * agent commits, there is nothing to do.
 */
const call = (name: string) =>
  `if [ -d .git ] && command -v forge >/dev/null 2>&1; then forge sync --hook ${name} >/dev/null 2>&1 || :; fi`;
/** What was there before goes first, and what it says counts. */
const wrapper = (name: string) => `#!/bin/sh
${mark}
if [ -x "$0.before-forge" ]; then "$0.before-forge" "$@" || exit $?; fi
${call(name)}
exit 0
`;

export interface HooksReport {
  /** Paths that were written. */
  written: string[];
  /** Why none were, when something is in the way; null otherwise. */
  problem: string | null;
}

/** Puts the hooks behind those that are there. Safe to repeat, and at no moment is a hook of somebody else not in force. */
export async function installHooks({ root, commonDir }: Repository, environment: Environment): Promise<HooksReport> {
  const place = await placeOf({ root, commonDir }, environment);
  if (place === null) {
    return { written: [], problem: 'core.hooksPath leads out of this repository: hooks there are for others too' };
  }
  mkdirSync(place.folder, { recursive: true });
  const written = names.filter((name) => {
    const file = join(place.folder, name);
    return place.isHusky ? addBlock(file, name) : wrap(file, name);
  });
  return { written: written.map((name) => join(place.folder, name)), problem: null };
}

/** Takes them away again; what they were put behind is in its place as before. */
export async function removeHooks({ root, commonDir }: Repository, environment: Environment): Promise<string[]> {
  const place = await placeOf({ root, commonDir }, environment);
  if (place === null) return [];
  return names
    .map((name) => join(place.folder, name))
    .filter((file) => (place.isHusky ? dropBlock(file) : unwrap(file)));
}

/** Where git looks for hooks; husky's are plain scripts beside the folder that it makes itself. */
async function placeOf({ root, commonDir }: Repository, environment: Environment) {
  const own = { folder: join(commonDir, 'hooks'), isHusky: false };
  // Asked without the setting that takes hooks away from every call of Forge.
  const list = await runGit({ cwd: root, environment }, ['config', '--show-scope', '--get-all', 'core.hooksPath']);
  const lines = list.split('\n').filter((line) => line !== '' && !line.startsWith('command\t'));
  const path = lines.at(-1)?.split('\t')[1];
  if (path === undefined) return own;
  const folder = isAbsolute(path) ? path : resolve(root, path);
  const isInside = [root, commonDir].some((place) => folder.startsWith(place + sep));
  if (!isInside) return null;
  return basename(folder) === '_' && basename(dirname(folder)) === '.husky'
    ? { folder: dirname(folder), isHusky: true }
    : { folder, isHusky: false };
}

function wrap(file: string, name: string): boolean {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (text === wrapper(name)) return false;
  if (text !== null && !text.includes(mark) && !existsSync(`${file}.before-forge`))
    linkSync(file, `${file}.before-forge`);
  const temporary = `${file}.forge-tmp`;
  writeFileSync(temporary, wrapper(name));
  chmodSync(temporary, 0o755);
  renameSync(temporary, file);
  return true;
}

function unwrap(file: string): boolean {
  if (!existsSync(file) || !readFileSync(file, 'utf8').includes(mark)) return false;
  if (existsSync(`${file}.before-forge`)) renameSync(`${file}.before-forge`, file);
  else rmSync(file);
  return true;
}

function addBlock(file: string, name: string): boolean {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text.includes(begin)) return false;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  writeFileSync(file, `${text}${separator}${begin}\n${call(name)}\n${end}\n`);
  return true;
}

function dropBlock(file: string): boolean {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = text.indexOf(begin);
  if (at < 0) return false;
  const rest = text.slice(0, at) + text.slice(text.indexOf(end, at) + end.length + 1);
  if (rest === '') rmSync(file);
  else writeFileSync(file, rest);
  return true;
}
