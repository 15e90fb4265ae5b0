import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { referencePages } from '../../scripts/reference/pages.ts';

const root = resolve(import.meta.dirname, '../..');

test.each(Object.entries(referencePages))('%s says what the source says', (path, render) => {
  expect(readFileSync(join(root, path), 'utf8'), `${path} is out of date. Run: npm run reference`).toBe(render());
});
