import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Mask } from './screen-cells.ts';

export interface Size {
  cols: number;
  rows: number;
}

export interface Step {
  /** What the person does, for the report. */
  does: string;
  keys?: readonly string[];
  size?: Size;
  /** How both terminals show that it has been done. */
  shows: RegExp;
  /** How long that may take, in ms, when it is more than for others. */
  withinMs?: number;
}

/** Something that a person does in one program, the same wherever it runs. */
export interface Scene {
  name: string;
  command: readonly string[];
  /** The program that must be there, when it is not the first word of the command. */
  needs?: string;
  env?: Record<string, string>;
  files?: Record<string, string>;
  size: Size;
  steps: readonly Step[];
  masks?: readonly Mask[];
}

/** Where the program is on PATH; null when it is not. */
export function findProgram(name: string): string | null {
  if (name.includes('/')) return existsSync(name) ? name : null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

export function writeFiles(folder: string, files: Record<string, string> = {}): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
