import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AdapterShelf } from '../../src/agents/adapter-shelf.ts';
import { agentAdapters } from '../../src/agents/registry.ts';
import { ForgeError } from '../../src/base/errors.ts';
import { readAdapterFile } from '../../src/config/adapter-options.ts';
import { checkAdapter } from '../../src/conformance/check-adapter.ts';
import type { AgentReport } from '../../src/domain/agent-report.ts';
import { launchRequest } from './support/agent-folder.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/guide/write-an-adapter.md'), 'utf8');
/** The first example of that language in the page for whoever writes an adapter. */
const exampleIn = (language: string) =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';

let root: string;
let shelf: AdapterShelf;
const mine = () => join(root, 'home/adapters');
const repository = () => join(root, 'repository');

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-outside-')));
  put('bin/my-agent', '#!/bin/sh\necho my-agent 1.2.3\n', 0o755);
  shelf = new AdapterShelf({ adaptersDirectory: mine(), repository: repository(), readFile: readAdapterFile });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
}

function putPackage(name: string, code: string, place = 'home/adapters'): void {
  const folder = `${place}/node_modules/${name}`;
  put(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports: './index.js' }));
  put(`${folder}/index.js`, code);
}

function failure(name: string): string {
  try {
    shelf.find(name);
  } catch (error) {
    if (error instanceof ForgeError) return `${error.code}: ${error.sentence.replaceAll(root, '')}`;
    throw error;
  }
  throw new Error(`${name} was found`);
}

const environment = () => ({ PATH: `${join(root, 'bin')}:/usr/bin:/bin`, HOME: join(root, 'home') });

test('the YAML of the page is an adapter that holds its contract', async () => {
  put('home/adapters/my-agent.yaml', exampleIn('yaml'));
  const adapter = shelf.find('my-agent');
  expect((await checkAdapter(adapter, null)).checks.filter(({ problems }) => problems.length > 0)).toEqual([]);

  const request = launchRequest(repository(), { environment: environment(), prompt: '/exit' });
  const { command, conversation } = await adapter.launch(request);
  expect(command).toEqual([join(root, 'bin/my-agent'), '--session', conversation, '--', 'Task: /exit']);
  const again = await adapter.launch({ ...request, resume: conversation, prompt: '' });
  expect(again.command).toEqual([join(root, 'bin/my-agent'), '--continue', conversation]);

  const session = { ...request, startedAt: 0, conversation };
  expect(await adapter.holdsConversation!(session)).toBe(false);
  put(`home/.my-agent/${conversation}.json`, '{}');
  expect(await adapter.holdsConversation!(session)).toBe(true);
  const readOff = (row: string) =>
    adapter.screenRules.find(({ lines }) => lines.every((line) => line.test(row)))?.state;
  expect(['Allow this? [y/n]', '>'].map(readOff)).toEqual(['waiting', 'idle']);
  const found = await adapter.find(request.definition, environment(), repository());
  expect(found).toMatchObject({ isFound: true, version: '1.2.3' });
});

test('a package may make its adapter with classes', async () => {
  putPackage(
    'of-classes',
    `import example from './example.js';
    export { contract } from './example.js';
    export default (tools) => {
      const { summary, find, launch, name, ...fields } = example(tools);
      class Plain { get summary() { return summary; } find(...given) { return find(...given); } }
      class Own extends Plain { #launch = launch; launch(...given) { return this.#launch(...given); } }
      return Object.assign(new Own(), fields);
    };`,
  );
  put('home/adapters/node_modules/of-classes/example.js', exampleIn('js'));
  const adapter = shelf.find('of-classes');
  expect((await checkAdapter(adapter, null)).checks.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(adapter.summary).toMatch(/\w/);
  const request = launchRequest(repository(), { environment: environment(), prompt: 'Do it' });
  expect((await adapter.launch(request)).command[0]).toBe(join(root, 'bin/my-agent'));
});

test('the package of the page is an adapter that holds its contract, and its records are heard', async () => {
  putPackage('my-agent-adapter', exampleIn('js'));
  const adapter = shelf.find('my-agent-adapter');
  expect(adapter.name).toBe('my-agent-adapter');
  expect((await checkAdapter(adapter, null)).checks.filter(({ problems }) => problems.length > 0)).toEqual([]);

  const request = launchRequest(repository(), { environment: environment() });
  put('repository/records/my-agent-r2k7.1.jsonl', '{"type":"prompt","id":"p1","text":"Fix the login","time":5}\n');
  const heard = await new Promise<AgentReport>((hear) => {
    adapter.follow!({ ...request, startedAt: 0, conversation: null }, hear);
  });
  expect(heard).toEqual({ type: 'prompt', key: 'p1', text: 'Fix the login', at: 5 });
});

test.each(agentAdapters.map((adapter) => ({ name: adapter.name, adapter })))(
  'the adapter $name of Forge holds the contract',
  async ({ adapter }) => {
    expect((await checkAdapter(adapter, null)).checks.filter(({ problems }) => problems.length > 0)).toEqual([]);
  },
);

test("a project's file comes before the person's, and neither takes the name of one of Forge's own", () => {
  const file = (summary: string) => `contract: 1\nsummary: ${summary}\nprogram: [my-agent]\n`;
  put('home/adapters/x.yaml', file('mine'));
  expect(shelf.find('x').summary).toBe('mine');
  put('repository/.forge/adapters/x.yaml', file('of the project'));
  expect(shelf.find('x').summary).toBe('mine');
  shelf.forget();
  expect(shelf.find('x').summary).toBe('of the project');
  put('repository/.forge/adapters/codex.yaml', file('not Codex'));
  expect(shelf.find('codex').summary).not.toBe('not Codex');
});

test.each([
  ['a slip', 'contract: 1\nsummary: x\nprogramm: [a]\n', ':3:1: programm is not a setting. Did you mean program?'],
  ['another contract', 'contract: 2\nsummary: x\n', ':1:11: contract: expected one of 1, found 2'],
  [
    'a pattern that could take seconds',
    'contract: 1\nsummary: x\nrules:\n  - { name: a, state: busy, lines: ["(a+)+b"] }\n',
    ':4:37: rules[0].lines[0]: expected a pattern in which no group repeats without end',
  ],
  [
    'a resume without the conversation',
    'contract: 1\nsummary: x\nresume: [--last]\n',
    ':3:9: resume: expected arguments with {conversation} in one of them',
  ],
  [
    'all of the environment',
    'contract: 1\nsummary: x\nenvironment: { passOn: ["*"] }\n',
    ':3:25: environment.passOn[0]',
  ],
])('%s in a file is named with its place', (_, text, problem) => {
  put('home/adapters/x.yaml', text);
  expect(failure('x')).toContain(`config.invalid: /home/adapters/x.yaml${problem}`);
});

test('code of a repository is never run, whatever its settings name', () => {
  const code = 'globalThis.wasRun = true; export const contract = 1; export default {};';
  putPackage('evil', code, 'repository');
  putPackage('evil', code, 'repository/.forge/adapters');
  putPackage('evil', code, '.');
  for (const name of ['evil', '../../repository/node_modules/evil', './evil', join(root, 'node_modules/evil')])
    expect(failure(name)).toContain('agent.missing: There is no adapter');
  // A folder of that name with nothing in it: Node would look for one in the folders above.
  mkdirSync(join(mine(), 'node_modules/evil'), { recursive: true });
  shelf.forget();
  expect(failure('evil')).toContain('adapter.broken: The adapter package evil cannot be used: it cannot be loaded');
  expect('wasRun' in globalThis).toBe(false);
});

test.each([
  ['throws', 'throw new Error("no luck");', 'it cannot be loaded: no luck'],
  ['says no contract', 'export default {};', 'it does not say its contract; this Forge has contract 1'],
  [
    'is of another contract',
    'export const contract = 2; export default {};',
    'it is of contract 2; this Forge has contract 1',
  ],
  ['exports something else', 'export const contract = 1; export default 5;', 'its default export is no adapter'],
  [
    'throws when it is made',
    'export const contract = 1; export default () => { throw new Error("boo"); };',
    'it threw: boo',
  ],
  ['has no launch', exampleIn('js').replace('async launch(', 'async lunch('), 'its launch is not a function'],
])('a package that %s is named in words', (_, code, problem) => {
  putPackage('mine', code);
  expect(failure('mine')).toContain(`adapter.broken: The adapter package mine cannot be used: ${problem}`);
});

test('what a package throws or makes up stays at the session that asked', async () => {
  const code = exampleIn('js')
    .replace(/const conversation = request.resume[^;]*;/, 'throw new Error("no launch");')
    .replace(
      /followLines\(\s*async/,
      'hear({ type: "state", state: "made up" }) || hear({ type: "answer", at: 1 }) || lost(async',
    );
  putPackage('mine', code);
  const adapter = shelf.find('mine');
  const request = launchRequest(repository(), { environment: environment() });
  await expect(adapter.launch(request)).rejects.toMatchObject({
    code: 'adapter.broken',
    message: 'The adapter package mine cannot be used: launch threw: no launch',
  });
  const heard: AgentReport[] = [];
  const follow = () =>
    adapter.follow!({ ...request, startedAt: 0, conversation: null }, (report) => heard.push(report));
  expect(follow).toThrow('follow threw: lost is not defined');
  expect(heard).toEqual([{ type: 'answer', at: 1 }]);
});
