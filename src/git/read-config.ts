import { type GitCall, runGit } from './run-git.ts';

export interface ConfigSetting {
  /** As git normalises it: in small letters but for what is between the dots. */
  key: string;
  value: string;
  /** Of the person or the machine, not of the repository. */
  isOwn: boolean;
}

/** All that git goes by in this call, in the order in which it counts, without what Forge itself sets. */
export async function readConfig(call: GitCall): Promise<ConfigSetting[]> {
  const list = (await runGit(call, ['config', '--list', '--show-scope', '-z'])).split('\0');
  return list.flatMap((scope, index) => {
    const setting = list[index + 1];
    if (index % 2 === 1 || setting === undefined || scope === 'command') return [];
    const end = setting.indexOf('\n');
    const [key, value] = end < 0 ? [setting, 'true'] : [setting.slice(0, end), setting.slice(end + 1)];
    return [{ key, value, isOwn: scope === 'system' || scope === 'global' }];
  });
}
