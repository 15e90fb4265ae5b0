import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { layerSchema } from '../../src/config/options.ts';

const guide = resolve(import.meta.dirname, '../../docs/guide');

/** Its blocks are adapters, which another test reads. */
const documents = readdirSync(guide).filter((file) => file !== 'write-an-adapter.md');

function problemsIn(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => {
    const read = layerSchema.safeParse(parse(block));
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  });
}

test.each(documents)('%s shows settings that exist, with values that they take', (document) => {
  expect(problemsIn(readFileSync(join(guide, document), 'utf8'))).toEqual([]);
});

test('a setting that does not exist is caught', () => {
  expect(problemsIn('```yaml\nlimits: { most: 3 }\n```\n')).toEqual(['limits: Unrecognized key: "most"']);
});
