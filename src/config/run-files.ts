import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

const head =
  '# How this run stands, written after each of its steps. Nothing reads it but you: changing it changes nothing.\n';

/** YAML files in one folder, by name. The folder is made when that around it is there. */
export interface YamlFiles {
  write(name: string, content: object): void;
  writtenAt(name: string): number | null;
  remove(name: string): void;
}

export function openYamlFiles(folder: string): YamlFiles {
  const fileOf = (name: string) => join(folder, `${name}.yaml`);
  return {
    write(name, content) {
      if (!existsSync(dirname(folder))) return;
      mkdirSync(folder, { recursive: true });
      const temporary = `${fileOf(name)}.tmp`;
      writeFileSync(temporary, head + stringify(content, { aliasDuplicateObjects: false }), { mode: 0o600 });
      renameSync(temporary, fileOf(name));
    },
    writtenAt: (name) => statSync(fileOf(name), { throwIfNoEntry: false })?.mtimeMs ?? null,
    remove: (name) => rmSync(fileOf(name), { force: true }),
  };
}
