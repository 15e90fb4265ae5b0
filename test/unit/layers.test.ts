import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '../../src');

/** What each folder of `src/` may import from the others. What is not listed is forbidden. */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  domain: ['base'],
  ports: ['base', 'domain'],
  machines: ['base', 'domain', 'ports'],
  protocol: ['base', 'domain'],
  app: ['base', 'domain', 'ports', 'machines', 'protocol'],
  // Faces: they ask the application and draw.
  cli: ['base', 'domain', 'ports', 'app'],
  ui: ['base', 'domain', 'ports', 'app'],
  // Adapters: each implements ports; none knows another, or a face.
  agents: ['base', 'domain', 'ports', 'processes'],
  backups: ['base'],
  'code-hosts': ['base', 'domain', 'ports'],
  config: ['base', 'domain', 'ports'],
  daemon: ['base', 'domain', 'ports', 'protocol', 'locks'],
  gates: ['base', 'domain', 'ports', 'processes'],
  git: ['base', 'domain', 'ports'],
  locks: ['base'],
  processes: ['base'],
  sessions: ['base', 'domain', 'ports', 'protocol', 'daemon', 'processes'],
  store: ['base', 'domain', 'ports'],
  worktrees: ['base', 'domain', 'ports', 'processes'],
  // Plays recordings to adapters with the parts that have them live.
  conformance: ['base', 'domain', 'ports', 'app', 'sessions', 'git'],
  // Looks at what all of them keep, and puts it right.
  doctor: ['base', 'domain', 'ports', 'app', 'config', 'daemon', 'git', 'sessions', 'store'],
  // Joins everything.
  main: [
    'base',
    'domain',
    'ports',
    'machines',
    'protocol',
    'app',
    'cli',
    'conformance',
    'doctor',
    'ui',
    'agents',
    'backups',
    'code-hosts',
    'config',
    'daemon',
    'gates',
    'git',
    'locks',
    'sessions',
    'store',
    'worktrees',
  ],
};

/** Each library behind one door: the folders that may name it. */
const doors: [library: RegExp, folders: RegExp][] = [
  [/^better-sqlite3$/, /^(store|locks)\//],
  [/^node-pty$/, /^sessions\/host\//],
  [/^@xterm\//, /^sessions\/screen\//],
  [/^(ink|react|fuzzysort|highlight\.js)(\/|$)/, /^ui\//],
  [/^xstate$/, /^machines\//],
  [/^(yaml|chokidar)$/, /^config\//],
  [/^@stricli\//, /^cli\//],
  [/^zod$/, /^(domain|protocol|app|machines|code-hosts|config|conformance|store|sessions|daemon|git)\//],
  [
    /^node:(child_process|net|fs|fs\/promises|sqlite)$/,
    /^(agents|backups|code-hosts|config|conformance|daemon|doctor|gates|git|locks|processes|sessions|store|worktrees|main|ui\/terminal)\//,
  ],
];

interface Violation {
  file: string;
  imports: string;
  rule: string;
}

function violationsIn(file: string, text: string): Violation[] {
  const specifiers = [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)['"]([^'"]+)['"]/g)].map(
    (match) => match[1] as string,
  );
  return specifiers.flatMap((imports) => {
    const rule = imports.startsWith('.') ? brokenDirection(file, imports) : brokenDoor(file, imports);
    return rule === null ? [] : [{ file, imports, rule }];
  });
}

function brokenDirection(file: string, imports: string): string | null {
  const [from = ''] = file.split('/');
  const [to = ''] = relative(source, resolve(source, dirname(file), imports)).split('/');
  if (from === to || mayImport[from]?.includes(to)) return null;
  return `${from}/ may import ${mayImport[from]?.join(', ') || 'nothing'}: let main/ hand it over through a port`;
}

function brokenDoor(file: string, imports: string): string | null {
  const door = doors.find(([library]) => library.test(imports));
  if (!door || door[1].test(file)) return null;
  return `${imports} is used behind ${door[1].source} only: add what you need there, or a port for it`;
}

function sources(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
}

test('no file imports against the direction of the layers, and each library stays behind its door', () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => violationsIn(file, readFileSync(join(source, file), 'utf8')))).toEqual([]);
});

test.each([
  ['machines/planted.ts', "import { spawn } from 'node:child_process';"],
  ['machines/planted.ts', "import { openStore } from '../store/open-store.ts';"],
  ['store/planted.ts', "export * from '../ui/theme.ts';"],
  ['domain/planted.ts', "import type { Store } from '../ports/store.ts';"],
  ['git/planted.ts', "const store = await import('../store/open-store.ts');"],
  ['app/planted.ts', "import Database from 'better-sqlite3';"],
  ['cli/planted.ts', "import type { IPty } from 'node-pty';"],
  ['ui/views/planted.tsx', "import { Terminal } from '@xterm/headless';"],
  ['sessions/client/planted.ts', "import '../../app/client.ts';"],
])('a planted violation in %s is caught: %s', (file, text) => {
  expect(violationsIn(file, text)).toHaveLength(1);
});
