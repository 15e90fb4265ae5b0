import { type GitCall, runGit } from './run-git.ts';

type Settings = (readonly [key: string, value: string])[];

const parts = ['clean', 'smudge', 'process', 'required'] as const;
const filterKey = /^filter\.(.+)\.(clean|smudge|process|required)$/s;

/**
 * Settings that blank every content filter which the repository itself defines: git would run it for add, diff and
 * checkout. Filters of the person's own configuration (git-lfs) keep the value that they have there.
 */
export async function neutralFilters(call: GitCall): Promise<Settings> {
  const list = await runGit(call, ['config', '--list', '--show-scope', '-z']);
  return blank(list.split('\0'));
}

/** `fields` are git's pairs of scope, and key and value with a line break between. */
function blank(fields: string[]): Settings {
  const own = new Map<string, string>();
  /** Names of filters, with the keys that the repository sets. */
  const planted = new Map<string, Set<string>>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [scope, setting] = [fields[index], fields[index + 1]];
    const end = setting.indexOf('\n');
    const key = end < 0 ? setting : setting.slice(0, end);
    const name = filterKey.exec(key)?.[1];
    if (name === undefined || scope === 'command') continue;
    if (scope === 'system' || scope === 'global') own.set(key, end < 0 ? 'true' : setting.slice(end + 1));
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
