import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const compiler = process.env.CC ?? 'cc';
let folder: string | null = null;
const made = new Map<string, string | null>();

/** The program that `bench/NAME.c` is, compiled once a run and removed at its end; null on a machine without a C compiler. */
export function cProgram(name: 'outer-terminal' | 'pacer'): string | null {
  const known = made.get(name);
  if (known !== undefined) return known;
  if (!folder) {
    const own = mkdtempSync(join(tmpdir(), 'forge-bench-c-'));
    process.on('exit', () => rmSync(own, { recursive: true, force: true }));
    folder = own;
  }
  const output = join(folder, name);
  const source = resolve(import.meta.dirname, `${name}.c`);
  const { status, stderr, error } = spawnSync(compiler, ['-O2', '-o', output, source, '-lutil'], { encoding: 'utf8' });
  if (status !== 0 && !error) throw new Error(`bench/${name}.c: ${stderr}`);
  made.set(name, error ? null : output);
  return error ? null : output;
}
