import type { SettingRow } from '../cli/forge-cli.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { hasEffect } from '../config/options.ts';
import { looksSecret } from '../domain/secrets.ts';
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
      value: shown(value, path.split('.').slice(-2)),
      source: sources[path] ?? 'default',
      hasEffect: hasEffect(path),
      problems: problems.filter(({ id }) => path === `keys.actions.${id}`).map(({ text }) => text),
    });
  };
  visit(config, '');
  return rows;
}

/** What is printed is kept in logs: a secret that somebody has written into an environment is not. */
function shown(value: unknown, [group, name = '']: readonly (string | undefined)[]): unknown {
  if (typeof value === 'string') return group === 'env' && looksSecret(name, value) ? '(a secret as it stands)' : value;
  if (Array.isArray(value)) return value.map((inner) => shown(inner, []));
  if (!isGroup(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner, [name, key])]));
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
