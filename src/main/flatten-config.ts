import type { SettingRow } from '../cli/forge-cli.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { hasEffect } from '../config/options.ts';
import type { KeyProblem } from '../ui/keymap/bind-keys.ts';

/** Each leaf of the settings in force, by its dotted path, with where it came from and what is wrong with it. */
export function flattenConfig({ config, sources }: LoadedConfig, problems: readonly KeyProblem[]): SettingRow[] {
  const rows: SettingRow[] = [];
  const visit = (value: unknown, path: string) => {
    if (isGroup(value) && sources[path] === undefined) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
      return;
    }
    rows.push({
      key: path,
      value,
      source: sources[path] ?? 'default',
      hasEffect: hasEffect(path),
      problems: problems.filter(({ id }) => path === `keys.actions.${id}`).map(({ text }) => text),
    });
  };
  visit(config, '');
  return rows;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
