import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Entry {
  gypfile?: boolean;
  optionalDependencies?: Record<string, string>;
}

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, Entry> };

test('npm ci builds nothing natively: run npm run lock after a change of the dependencies', () => {
  expect(packages['node_modules/better-sqlite3']?.gypfile).toBe(false);
});

test('the lock file has the packages of every platform, without which npm ci refuses it', () => {
  const missing = Object.entries(packages).flatMap(([name, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (wanted) => !(`node_modules/${wanted}` in packages) && !(`${name}/node_modules/${wanted}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no place that packages were fetched from', () => {
  expect(text).not.toContain('"resolved"');
});
