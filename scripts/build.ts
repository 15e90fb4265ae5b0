/**
 * Bundles the program into `dist/`: one small entry, every heavy part behind a chunk that is loaded when it is needed. With
 * `--faults` into `dist-crash/`, with the fault points of the crash harness (`src/base/fault-point.ts`), which no other build has.
 */
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const hasFaults = process.argv.includes('--faults');
const outdir = hasFaults ? 'dist-crash' : 'dist';
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

/** Zod carries its messages in some fifty languages: 300 KB to read at every start, and Forge speaks one of them. */
const withoutLocales: Plugin = {
  name: 'without-locales',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/node_modules/zod/') ? { path: `${root}scripts/empty-module.ts` } : undefined,
    );
  },
};

/** As a namespace, of which only what is used comes along: the object `z` has all of Zod in it. */
const usedZod: Plugin = {
  name: 'used-zod',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod'", "import * as z from 'zod'"),
      loader: 'ts',
    }));
  },
};

const quickStringWidth: Plugin = {
  name: 'quick-string-width',
  setup({ onResolve }) {
    const path = `${root}scripts/string-width.ts`;
    onResolve({ filter: /^string-width$/ }, ({ importer }) => (importer === path ? undefined : { path }));
  },
};

const lazyCrypto = { 'node:crypto': `${root}scripts/lazy-crypto.ts` };

const shared = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node22.22',
  external: ['node-pty', 'better-sqlite3'],
  plugins: [withoutLocales, usedZod, quickStringWidth],
  define: {
    'process.env.NODE_ENV': '"production"',
    FORGE_VERSION: JSON.stringify(version),
    FORGE_BUILD: JSON.stringify(`${version}-${Date.now()}`),
    FORGE_FAULTS: String(hasFaults),
    // Forge asks nothing of a network. Yoga would read its own bytes with it, which loads all of Node's HTTP at each start.
    fetch: 'undefined',
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  logLevel: 'warning',
} as const satisfies BuildOptions;

rmSync(`${root}${outdir}`, { recursive: true, force: true });
// One file, and not a module: to find, link and load the parts of the other takes Node longer than a question of tasks.
await build({
  ...shared,
  entryPoints: { task: 'src/main/task-program.ts' },
  alias: lazyCrypto,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
});
const modules = {
  ...shared,
  format: 'esm',
  jsx: 'automatic',
  // Ink imports the devtools only when DEV is set; the package itself is not installed.
  alias: { ...lazyCrypto, 'react-devtools-core': `${root}scripts/empty-module.ts` },
  // CommonJS packages inside the bundle call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;
// One file too; a module, since Ink waits for Yoga when it is loaded.
await build({ ...modules, entryPoints: { tui: 'src/main/tui-program.ts' } });
// The threads of the session host, which keeps these for as long as it runs: whole, without chunks.
await build({
  ...shared,
  entryPoints: {
    'flood-worker': 'src/sessions/host/flood-worker.ts',
    'recording-worker': 'src/sessions/transcript/recording-worker.ts',
  },
  format: 'esm',
});
await build({
  ...modules,
  entryPoints: {
    forge: 'src/main/forge.ts',
    // A thread of the dashboard.
    'highlight-worker': 'src/ui/review/highlight-worker.ts',
  },
  splitting: true,
});
