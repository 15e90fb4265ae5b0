import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether Forge was set up in this checkout: a `.forge/` folder with anything that Forge made. */
export function isProject(root: string): boolean {
  return ['config.yaml', 'forge.db', 'tasks.jsonl'].some((file) => existsSync(join(root, '.forge', file)));
}
