import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withOwnRules } from '../../src/agents/own-rules.ts';
import { findAdapter } from '../../src/agents/registry.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { patternProblem, ScreenPattern } from '../../src/domain/screen-pattern.ts';
import { agentFolder, definition } from './support/agent-folder.ts';

test.each([
  '^> $',
  '^Go on\\? \\[y/n\\]',
  '(yes|no) .*: *$',
  '(ab)?c{2,3}',
  '[)+*]+ \\(a\\)+',
  '\\p{L}+ \\d+ é',
  '(?<name>x)',
])('%s can be used', (source) => {
  expect(patternProblem(source)).toBeNull();
});

test.each([
  ['(a', /^a regular expression \(/],
  ['(a+)+$', /no group repeats without end/],
  ['(a|aa)*b', /no group repeats without end/],
  ['(?:x){2,}', /no group repeats without end/],
  ['(a)\\1', /without back references/],
  ['(?<n>a)\\k<n>', /without back references/],
  ['.*.*.*x', /at most 2 parts/],
])('%s is refused', (source, problem) => {
  expect(patternProblem(source)).toMatch(problem);
});

test('the slowest pattern that is allowed is quick on a row of any length', () => {
  const startedAt = performance.now();
  expect(new ScreenPattern('a*a*b').test('a'.repeat(1_000_000))).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a blank at the end of a pattern fits the end of a row, which comes without its blanks', () => {
  for (const source of ['^> ', '^> $', '^>$'])
    expect([source, new ScreenPattern(source).test('>')]).toEqual([source, true]);
  expect(new ScreenPattern('^> $').test('> half a line')).toBe(false);
});

test('rules of the settings come before those of the adapter, which is left as it is', () => {
  const own = definition({
    endsByItself: false,
    rules: [
      { name: 'spinner', state: 'busy', reason: '', title: '^[|/-] ' },
      { name: 'prompt', state: 'idle', reason: 'is ready', lines: ['^> $'] },
    ],
  });
  const gemini = findAdapter('gemini')!;
  const rules = withOwnRules(gemini, own);
  expect(rules.endsByItself).toBe(false);
  expect(rules.titleRules?.map(({ name }) => name)).toEqual(['spinner', 'action required', 'working']);
  expect(rules.screenRules[0]).toMatchObject({ name: 'prompt', state: 'idle', reason: 'is ready' });
  expect(rules.screenRules).toHaveLength(gemini.screenRules.length + 1);
  expect(withOwnRules(gemini, definition())).toBe(gemini);
});

test('a bad pattern is named with its file and line', async () => {
  await using folder = await agentFolder([]);
  await mkdir(join(folder.path, '.forge'));
  const file = join(folder.path, '.forge', 'config.yaml');
  const load = () => loadConfig({ forgeHome: join(folder.path, 'home'), projectRoot: folder.path, environment: {} });
  const text = (pattern: string) =>
    `agents:\n  chat:\n    adapter: command\n    rules:\n      - name: prompt\n        state: idle\n        lines: ['^> $', '${pattern}']\n`;
  await writeFile(file, text('(a+)+'));
  expect(load).toThrow(
    `${file}:7:25: agents.chat.rules[0].lines[1]: expected a pattern in which no group repeats without end, found "(a+)+"`,
  );
  await writeFile(file, text('x'));
  expect(load().config.agents.chat.rules).toEqual([
    { name: 'prompt', state: 'idle', reason: '', lines: ['^> $', 'x'] },
  ]);
});
