import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { forgePaths } from '../config/paths.ts';

/**
 * Keeps compiled code beside the settings, where only this user can write: a start takes a tenth less, on a busy machine more. Nothing is made
 * before there is a FORGE_HOME. Node ignores a cache that it cannot read or write, and one of another version.
 */
export function keepCompiledCode(): void {
  const { home } = forgePaths();
  if (existsSync(home)) enableCompileCache(join(home, 'cache'));
}
