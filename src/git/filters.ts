import { type ConfigSetting, readConfig } from './read-config.ts';
import type { GitCall } from './run-git.ts';

type Settings = (readonly [key: string, value: string])[];

const parts = ['clean', 'smudge', 'process', 'required'] as const;
const filterKey = /^filter\.(.+)\.(clean|smudge|process|required)$/s;

/**
 * Settings that blank every content filter which the repository itself defines: git would run it for add, diff and
 * checkout. Filters of the person's own configuration (git-lfs) keep the value that they have there.
 */
export async function neutralFilters(call: GitCall): Promise<Settings> {
  return blankFilters(await readConfig(call));
}

/** The same from what was read. */
export function blankFilters(config: readonly ConfigSetting[]): Settings {
  const own = new Map<string, string>();
  /** Names of filters, with the keys that the repository sets. */
  const planted = new Map<string, Set<string>>();
  for (const { key, value, isOwn } of config) {
    const name = filterKey.exec(key)?.[1];
    if (name === undefined) continue;
    if (isOwn) own.set(key, value);
    else planted.set(name, (planted.get(name) ?? new Set()).add(key));
  }
  return [...planted].flatMap(([name, keys]) =>
    parts.flatMap((part) => {
      const key = `filter.${name}.${part}`;
      const blank = part === 'required' ? 'false' : '';
      // To git even an empty process is a reason not to run clean and smudge: it is set only against another one.
      return part === 'process' && !own.has(key) && !keys.has(key) ? [] : [[key, own.get(key) ?? blank] as const];
    }),
  );
}
