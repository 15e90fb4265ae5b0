import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/crash.md',
  ...readdirSync(join(root, 'docs/guide')).map((file) => join('docs/guide', file)),
];

/** Flags that every command has. */
const common = ['--json', '--help', '--version'];

/** The flags of each command, by its words: `task dep add`. From the page that is generated from the commands themselves. */
const flagsOf = new Map(
  readFileSync(join(root, 'docs/reference/commands.md'), 'utf8')
    .split(/^## forge /m)
    .slice(1)
    .map((section) => [
      section.slice(0, section.indexOf('\n')),
      [...section.matchAll(/^ +\[?(--[\w-]+)(?:\/(--[\w-]+))?/gm)].flatMap(([, ...flags]) => flags.filter(Boolean)),
    ]),
);

/** What a document tells a person to type: in code, and in lines of blocks. */
function typedIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|console|text)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const lines = blocks.flatMap((line) => /^\s*(?:\$ )?(forge .*)$/.exec(line)?.[1] ?? []);
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...lines, ...[...prose.matchAll(/`(forge [^`]+)`/g)].map(([, code = '']) => code)];
}

/** Null: there is such a command, with these flags. `a|b` stands for each of them. */
function problemOf(typed: string): string | null {
  const [, first = '', ...words] = typed
    .replace(/\s#.*/, '')
    .replace(/"[^"]*"/g, 'TEXT')
    .split(/[\s[\]]+/);
  if (first.startsWith('-') || first.startsWith('__') || first === '…') return null;
  for (const name of first.split('|')) {
    const [second = '', third = ''] = words;
    const names = [`${name} ${second.split('|')[0]} ${third}`, `${name} ${second.split('|')[0]}`, name];
    const known = names.find((candidate) => flagsOf.has(candidate));
    // A group by its name alone does what the first of it does.
    const group = [...flagsOf.keys()].filter((command) => command.startsWith(`${name} `));
    if (known === undefined && group.length === 0) return `forge ${name} is no command`;
    const flags =
      known === undefined ? group.flatMap((command) => flagsOf.get(command) ?? []) : (flagsOf.get(known) ?? []);
    const unknown = words.filter((word) => /^--\w/.test(word)).flatMap((word) => word.split(/[=,]/)[0] ?? []);
    const wrong = unknown.find((flag) => ![...flags, ...common].includes(flag));
    if (wrong !== undefined) return `forge ${known ?? name} has no ${wrong}`;
  }
  return null;
}

test.each(documents)('%s names commands and flags that exist', (document) => {
  const typed = typedIn(readFileSync(join(root, document), 'utf8'));
  expect(typed.flatMap((line) => problemOf(line) ?? [])).toEqual([]);
});

test('a command or a flag that does not exist is caught', () => {
  expect(typedIn('Say `forge stop`.\n```sh\nforge task list --most 3 # few\n```\n')).toEqual([
    'forge task list --most 3 # few',
    'forge stop',
  ]);
  expect(problemOf('forge task list --most 3 # few')).toBe('forge task list has no --most');
  expect(problemOf('forge stop')).toBe('forge stop is no command');
  expect(problemOf('forge task add "No --such flag" --body TEXT')).toBeNull();
});
