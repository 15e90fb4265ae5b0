import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandEnvironment, findVariable, variableSources } from '../../src/config/expand-environment.ts';
import { environmentLayers, joinLayers, originsOf } from '../../src/domain/agent-environment.ts';
import { looksSecret } from '../../src/domain/secrets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const agent = {
  name: 'cheap',
  adapter: 'claude-code',
  command: [],
  env: { MODEL: 'haiku', TOKEN: '${KEY}', HOST: 'a' },
};
const worker = { name: 'night', agent: 'cheap', mode: 'coder', env: { HOST: 'b', EMPTY: '' } };

test('the task has the last word, then the worker, then the agent; each variable says whose it is, and never its value', () => {
  const layers = environmentLayers(agent, worker, { env: { MODEL: 'opus' } });
  expect(joinLayers(layers)).toEqual({ MODEL: 'opus', TOKEN: '${KEY}', HOST: 'b', EMPTY: '' });
  expect(originsOf(layers, (name) => (name === 'KEY' ? '.env' : null))).toEqual([
    { name: 'MODEL', from: 'task', written: 'opus', takes: [] },
    { name: 'TOKEN', from: 'agent', written: '${KEY}', takes: [{ name: 'KEY', from: '.env' }] },
    { name: 'HOST', from: 'worker', written: 'b', takes: [] },
    { name: 'EMPTY', from: 'worker', written: '', takes: [] },
  ]);
});

test('a variable comes from the environment, then from the .env of the repository, then from that of Forge', () => {
  const folder = temporaryFolder();
  const [own, forges, isFolder] = ['own', 'forges', 'folder'].map((name) => join(folder, name));
  writeFileSync(own, '# keys\nexport ONE="first # no comment"\nTWO=\'of the repository\' # a comment\nEMPTY=\n');
  writeFileSync(forges, 'TWO=of Forge\nTHREE=third\n');
  mkdirSync(isFolder);
  const sources = variableSources({ ONE: 'started with' }, [own, isFolder, forges]);
  const env = { A: '${ONE}', B: '${TWO}', C: '${THREE}!', D: '${EMPTY}' };
  expect(expandEnvironment(env, sources)).toEqual({ A: 'started with', B: 'of the repository', C: 'third!', D: '' });
  expect(findVariable(sources, 'TWO')?.from).toBe(own);
  expect(findVariable(sources, 'toString')).toBeNull();
  expect(() => expandEnvironment({ E: '${GONE}' }, sources)).toThrow('env.E of the agent needs GONE, which is not set');
});

test.each([
  ['ANTHROPIC_AUTH_TOKEN', 'a1b2c3', true],
  ['ANTHROPIC_AUTH_TOKEN', '${OPENROUTER_API_KEY}', false],
  ['ANTHROPIC_API_KEY', '', false],
  ['HEADERS', 'Bearer ${KEY}', false],
  ['API_KEY', 'Bearer ${KEY}', false],
  ['ANYTHING', 'sk-or-v1-0123456789abcdef', true],
  ['ANYTHING', 'ghp_0123456789abcdefABCDEF', true],
  ['DATABASE_URL', 'postgres://ada:secret@db/shop', true],
  ['DATABASE_URL', 'postgres://db/shop', false],
  ['ANYTHING', 'f3a9c1d27b604e58a1c2d3e4f5061728', true],
  ['MAX_OUTPUT_TOKENS', '8000', false],
  ['SSH_KEY', '~/.ssh/id_work', false],
  ['ANTHROPIC_MODEL', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', false],
  ['ANTHROPIC_MODEL', 'claude-sonnet-4-5-20250929', false],
])('%s=%s: whether it looks like a secret is %s', (name, text, expected) => {
  expect(looksSecret(name, text)).toBe(expected);
});
