import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Named {
  file: string;
  name: string;
}

/** The tests that a row names: `file` “name”. */
function testsIn(row: string): Named[] {
  return [...row.matchAll(/`(test\/[\w./-]+)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }));
}

/** Whether a test, or a row of its table, has exactly this name. */
function isThere({ file, name }: Named): boolean {
  const path = join(root, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`));
}

const rows = readFileSync(join(root, 'docs/stories.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (what went wrong|---)/.test(line));

test('each story of what went wrong elsewhere is held by tests that exist by that name', () => {
  const unheld = rows.filter((row) => testsIn(row).length === 0);
  expect(unheld, 'Name a test in the third column: `test/….test.ts` “its name”.').toEqual([]);
  const stale = rows.flatMap(testsIn).filter((named) => !isThere(named));
  expect(stale, 'These were renamed or are gone. Put the new name into docs/stories.md.').toEqual([]);
});

test('a name that is no longer there is caught', () => {
  expect(testsIn('| a | b | `test/unit/stories.test.ts` “never named so”, it says |').map(isThere)).toEqual([false]);
  expect(testsIn('| a | b | `test/unit/nothing.test.ts` “x” |').map(isThere)).toEqual([false]);
  expect(
    testsIn('| a | b | `test/unit/stories.test.ts` “a name that is no longer there is caught” |').map(isThere),
  ).toEqual([true]);
});
