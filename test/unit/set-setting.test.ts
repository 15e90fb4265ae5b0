import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { setSetting } from '../../src/config/set-setting.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';

function file(text: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'forge-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.yaml');
  if (text !== null) writeFileSync(path, text);
  return path;
}

const written = `# What I think of it.
prefix: fg # ids

workers:
  # the fast one
  - { name: one, agent: claude }
limits: { total: 2 } # few
`;

test('a value is set, and everything else stays as it was written', () => {
  const path = file(written);
  setSetting(path, 'limits.total', '4');
  setSetting(path, 'budget.runUsd', '2.5');
  expect(readFileSync(path, 'utf8')).toBe(`${written.replace('total: 2', 'total: 4')}budget:\n  runUsd: 2.5\n`);
  setSetting(path, 'budget', null);
  expect(readFileSync(path, 'utf8')).toBe(written.replace('total: 2', 'total: 4'));
});

test('lists and maps are YAML, and a file is made when there is none', () => {
  const path = file(null);
  setSetting(path, 'worktrees.setup', '[npm ci, "npm run build"]');
  expect(readFileSync(path, 'utf8')).toBe('worktrees:\n  setup:\n    - npm ci\n    - npm run build\n');
  setSetting(file(''), 'mode', 'stealth');
});

test.each([
  ['limits.total', '0', /limits\.total/],
  ['limits.totl', '3', /Did you mean total/],
  ['mode', 'hidden', /mode/],
  ['limits', '[1', /not a value/],
  ['__proto__.x', '1', /__proto__/],
])('%s: %s is refused, and nothing changes', (key, value, words) => {
  const path = file(written);
  expect(() => setSetting(path, key, value)).toThrow(words);
  expect(readFileSync(path, 'utf8')).toBe(written);
});

test('the schema for editors has each setting with what it is for', () => {
  const { properties } = settingsSchema() as { properties: Record<string, { description?: string }> };
  expect(properties.mode?.description).toMatch(/lives in the repository/);
  expect(Object.keys(properties)).toContain('workers');
});
