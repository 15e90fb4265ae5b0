import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { recipes } from './recipes.ts';

/** A task of the demo; `dependsOn` names others by their place in the list, always earlier ones. */
export interface DemoTask {
  title: string;
  body: string;
  priority: number;
  labels: string[];
  dependsOn: number[];
}

export interface DemoProject {
  /** The checkout: a folder named `forge-demo` in the directory that was given. */
  root: string;
  tasks: DemoTask[];
  /** What `.forge/config.yaml` should hold. */
  config: string;
}

export interface DemoProjectOptions {
  /** Runs git with these arguments in `cwd`; rejects when git fails. */
  git: (args: string[], cwd: string) => Promise<unknown>;
  /** The command of the demo agent: `[node, entry of Forge, '__demo-agent']`. */
  command: readonly string[];
}

/** Makes a small JavaScript repository with tests in `directory`/forge-demo, and says what to fill its project with. */
export async function createDemoProject(directory: string, options: DemoProjectOptions): Promise<DemoProject> {
  const root = join(directory, 'forge-demo');
  await mkdir(root, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await options.git(['init', '-q', '-b', 'main'], root);
  // The repository's own identity: the person may have none, and this is not the person's work.
  await options.git(['config', 'user.name', 'Forge demo'], root);
  await options.git(['config', 'user.email', 'demo@localhost'], root);
  await options.git(['add', '.'], root);
  await options.git(
    ['-c', 'commit.gpgSign=false', '-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'A program that greets'],
    root,
  );
  return { root, tasks: demoTasks(), config: configText(options.command) };
}

function demoTasks(): DemoTask[] {
  return [...recipes, extra].map(({ title, body }, index) => ({ title, body, ...(traits[index] ?? traits[0]) }));
}

const extra = {
  title: 'Release 1.0',
  body: 'When everything else is in: write down what is new since the first version.',
};

/** Beside the recipes, in their order, and then the release, which waits for all that is worth waiting for. */
const traits: readonly Omit<DemoTask, 'title' | 'body'>[] = [
  { priority: 1, labels: ['feature'], dependsOn: [] },
  { priority: 0, labels: ['bug'], dependsOn: [] },
  { priority: 2, labels: ['feature'], dependsOn: [] },
  { priority: 2, labels: ['feature'], dependsOn: [0] },
  { priority: 3, labels: ['docs'], dependsOn: [3] },
  { priority: 4, labels: ['release'], dependsOn: [1, 2, 4] },
];

function configText(command: readonly string[]): string {
  // JSON is YAML, and quotes every path right.
  return `prefix: demo
agents:
  demo: { adapter: demo, command: ${JSON.stringify(command)} }
workers:
  - { name: ada, agent: demo }
  - { name: grace, agent: demo }
gates:
  - { name: tests, run: node --test }
`;
}

const files: Record<string, string> = {
  'package.json': `{
  "name": "greetings",
  "version": "0.1.0",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  'README.md': `# Greetings

A program that greets. It is small so that a demonstration of Forge has something to change.

## Functions

- \`greet(name)\` says hello.
`,
  'src/greet.js': `// Functions below are exported and tested one by one.

export function greet(name) {
  return \`Hello, \${name}!\`;
}
`,
  'src/cli.js': `import { greet } from './greet.js';

const args = process.argv.slice(2);
let say = console.log;
// Options
say(greet(args.at(-1) ?? 'world'));
`,
  'test/greet.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { greet } from '../src/greet.js';

test('greets by name', () => assert.equal(greet('Ada'), 'Hello, Ada!'));
`,
};
