import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentIsolation } from '../ports/agent.ts';

/**
 * The variable that gives a program a place of its own for its state, made below Forge's home when it is not there. Login and
 * settings in it are links to the person's: the program writes through them.
 */
export function privateHome(
  { variable, file = '', shared }: AgentIsolation,
  env: Readonly<Record<string, string>>,
  folder: string,
): Record<string, string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { folder: theirs, links } = shared?.(env) ?? { folder: '', links: [] };
  for (const { name, isMadeByLogin } of links) {
    const [own, target] = [join(folder, name), join(theirs, name)];
    if (lstatSync(own, { throwIfNoEntry: false }) || !(isMadeByLogin || existsSync(target))) continue;
    symlinkSync(target, own);
  }
  return { [variable]: join(folder, file) };
}
