import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * A bench of this folder with all that it imports, bundled as the product is: the emulator is CommonJS, which Node alone
 * cannot import by name. Below the repository, so that libraries which stay outside are found; removed before it is used.
 */
export async function bundled<T>(file: string): Promise<T> {
  const dist = resolve(import.meta.dirname, '../dist');
  mkdirSync(dist, { recursive: true });
  const folder = mkdtempSync(join(dist, 'bench-'));
  try {
    const outfile = join(folder, 'bundle.mjs');
    await build({
      entryPoints: [resolve(import.meta.dirname, file)],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      jsx: 'automatic',
      external: ['node-pty', 'better-sqlite3', 'esbuild', 'ink', 'react'],
      define: {
        'process.env.NODE_ENV': '"production"',
        'import.meta.dirname': JSON.stringify(import.meta.dirname),
      },
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
      logLevel: 'warning',
    });
    return (await import(pathToFileURL(outfile).href)) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
