import { slug } from '../../base/ids.ts';

/** One change to one file: the text goes behind the first line that contains `at`. */
export interface Edit {
  path: string;
  /** Null for a new file. */
  at: string | null;
  /** The text takes the place of that line. */
  isReplaced?: boolean;
  text: string;
}

/** What the demo agent does for a task: its plan in words, and the edits. */
export interface Recipe {
  title: string;
  body: string;
  keyword: RegExp;
  plan: string;
  edits: readonly Edit[];
}

/** The tasks of the demo project. Each works on the project as it was created, whatever else was done before. */
export const recipes: readonly Recipe[] = [
  {
    title: 'Greet in more languages',
    body: 'greet(name, language) should know German, French and Japanese as well.',
    keyword: /languages?\b/i,
    plan: 'I will add a table of greetings, keep English as the default, and test each language.',
    edits: [
      {
        path: 'src/languages.js',
        at: null,
        text: `const greetings = { en: 'Hello', de: 'Hallo', fr: 'Bonjour', ja: 'こんにちは' };

export function greetIn(language, name) {
  const word = greetings[language] ?? greetings.en;
  return \`\${word}, \${name}!\`;
}
`,
      },
      {
        path: 'test/languages.test.js',
        at: null,
        text: `import assert from 'node:assert/strict';
import test from 'node:test';
import { greetIn } from '../src/languages.js';

test('greets in Japanese', () => assert.equal(greetIn('ja', 'Ada'), 'こんにちは, Ada!'));
test('falls back to English', () => assert.equal(greetIn('xx', 'Ada'), 'Hello, Ada!'));
`,
      },
      { path: 'README.md', at: '## Functions', text: '- `greetIn(language, name)` greets in en, de, fr or ja.\n' },
    ],
  },
  {
    title: 'Refuse an empty name',
    body: 'greet("") says "Hello, !". It should throw a RangeError that names the problem.',
    keyword: /empty|blank/i,
    plan: 'I will check the name first thing in greet() and test that the error says what is wrong.',
    edits: [
      {
        path: 'src/greet.js',
        at: 'export function greet',
        text: "  if (name.trim() === '') throw new RangeError('A greeting needs a name.');\n",
      },
      {
        path: 'test/empty-name.test.js',
        at: null,
        text: `import assert from 'node:assert/strict';
import test from 'node:test';
import { greet } from '../src/greet.js';

test('refuses an empty name', () => assert.throws(() => greet('  '), /needs a name/));
`,
      },
      {
        path: 'README.md',
        at: '`greet(name)` says hello',
        isReplaced: true,
        text: '- `greet(name)` says hello. It throws a RangeError for an empty name.\n',
      },
    ],
  },
  {
    title: 'Say goodbye, too',
    body: 'Add farewell(name) beside greet(name), with a test and a line in the README.',
    keyword: /goodbye|farewell/i,
    plan: 'I will write farewell() in the style of greet(), test it, and list it in the README.',
    edits: [
      {
        path: 'src/greet.js',
        at: '// Functions below are exported',
        text: `export function farewell(name) {
  return \`Goodbye, \${name}!\`;
}

`,
      },
      {
        path: 'test/farewell.test.js',
        at: null,
        text: `import assert from 'node:assert/strict';
import test from 'node:test';
import { farewell } from '../src/greet.js';

test('says goodbye', () => assert.equal(farewell('Grace'), 'Goodbye, Grace!'));
`,
      },
      { path: 'README.md', at: '## Functions', text: '- `farewell(name)` says goodbye.\n' },
    ],
  },
  {
    title: 'Greet louder with --loud',
    body: 'node src/cli.js --loud Ada should print HELLO, ADA!',
    keyword: /loud|shout/i,
    plan: 'I will put shouting into its own module, so that it can be tested without starting the program.',
    edits: [
      { path: 'src/shout.js', at: null, text: 'export function shout(text) {\n  return text.toUpperCase();\n}\n' },
      {
        path: 'test/shout.test.js',
        at: null,
        text: `import assert from 'node:assert/strict';
import test from 'node:test';
import { shout } from '../src/shout.js';

test('shouts', () => assert.equal(shout('Hello, Ada!'), 'HELLO, ADA!'));
`,
      },
      {
        path: 'src/cli.js',
        at: '// Options',
        text: "if (args[0] === '--loud') say = (text) => console.log(shout(text));\n",
      },
      { path: 'src/cli.js', at: "from './greet.js'", text: "import { shout } from './shout.js';\n" },
    ],
  },
  {
    title: 'Describe the command line in the README',
    body: 'A newcomer should see how to run it.',
    keyword: /readme|document|describe/i,
    plan: 'I will show the shortest command that does something, right at the top.',
    edits: [{ path: 'README.md', at: '# Greetings', text: '\n    node src/cli.js Ada\n' }],
  },
];

/** The recipe for a task, by its title and then by a word in it; a note for a task that is not the demo project's. */
export function recipeFor(task: string, prompt: string): Recipe {
  const text = `${task}\n${prompt}`;
  const known =
    recipes.find(({ title }) => text.toLowerCase().includes(title.toLowerCase())) ??
    recipes.find(({ keyword }) => keyword.test(prompt));
  return known ?? noteRecipe(task, prompt);
}

/** Writes the task down in a file of its own. */
export function noteRecipe(task: string, prompt: string): Recipe {
  const title = prompt.split('\n', 1)[0].slice(0, 100) || 'a task without words';
  return {
    title,
    body: prompt,
    keyword: /$^/,
    plan: 'I am a script and do not know this task, so I will write down that it was asked for.',
    edits: [
      {
        path: `NOTES-${slug(task) || slug(title) || 'demo'}.md`,
        at: null,
        text: `# Notes\n\nAsked for: ${title}\n`,
      },
    ],
  };
}
